"""Delivery reports as mail servers write them (RFC 3464)."""

DOMAIN = "serveur.exemple.fr"


def report(
    message_id: str, *, action: str = "failed", status: str = "5.1.1", diagnosis: str = "smtp; 550 5.1.1 User unknown",
    quoted: str = "message/rfc822", body: str = "",
) -> bytes:  # fmt: skip
    """Return the report of a message that came back, quoting it whole or by its headers."""
    return f"""From: MAILER-DAEMON@{DOMAIN}
To: retours@exemple.fr
Subject: Undelivered Mail Returned to Sender
Message-ID: <rapport@{DOMAIN}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="XX"

--XX
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--XX
Content-Type: message/delivery-status

Reporting-MTA: dns; {DOMAIN}
Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0100

Final-Recipient: rfc822; paul@exemple.fr
Original-Recipient: rfc822;paul@exemple.fr
Action: {action}
Status: {status}
Diagnostic-Code: {diagnosis}

--XX
Content-Type: {quoted}

Return-Path: <retours@exemple.fr>
Subject: Votre signature est attendue
Message-ID: {message_id}
To: paul@exemple.fr

{body}
--XX--
""".replace("\n", "\r\n").encode()


VACATION = b"""From: paul@exemple.fr\r
To: portail@exemple.fr\r
Subject: Absent du bureau\r
Auto-Submitted: auto-replied\r
In-Reply-To: <x@exemple.fr>\r
\r
Je reviens lundi.\r
"""
