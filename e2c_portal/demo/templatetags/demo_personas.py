"""The personas, for the sign-in page of the demonstration."""

from django import template

from e2c_portal.demo.personas import DEMO_PASSWORD, PERSONAS, Persona

register = template.Library()


@register.simple_tag
def personas() -> tuple[Persona, ...]:
    """`{% personas as people %}`: who can be chosen."""
    return PERSONAS


@register.simple_tag
def demo_password() -> str:
    """`{% demo_password %}`: the password all personas share."""
    return DEMO_PASSWORD
