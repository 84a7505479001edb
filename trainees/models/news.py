"""The news of the schools: what tells, without reading it again, that nothing of a page has changed; what is counted once for it."""

from django.db import models


class SchoolNews(models.Model):
    """Something that the pages of a school show has changed: one row for each statement that changed it.

    Written by triggers of the database (migration 0013) in the transaction of the change, and only ever added: nobody waits for
    anybody. Whoever reads asks which rows are there (reads.news): the answer differs as soon as any transaction is committed,
    whatever the order in which they are. Retention: until a school has a hundred of them, which one row then replaces.
    """

    # 0 for what every school shows. No key: a row never holds anybody.
    school_number = models.BigIntegerField("école")
    # Drawn at random, so that no row is ever taken for another: neither after a restore, nor in another database.
    mark = models.BigIntegerField("marque")

    class Meta:
        verbose_name = "nouvelle d’une école"
        verbose_name_plural = "nouvelles des écoles"
        indexes = [models.Index(fields=["school_number"], include=["mark"], name="school_news_by_school")]

    def __str__(self) -> str:
        return f"Nouvelle de l’école {self.school_number}"


class SchoolDay(models.Model):
    """The figures of a school on a day, as the network reads them: counted once, true as long as the school has no other news.

    Deduced from the rows (reads.school_days) and written by a watcher (operations.news): it holds no fact of its own. A reader
    takes it only under the very stamp it was counted with, and counts the rows otherwise: never late. Retention: written over.
    """

    # No key, as for the news: a row never holds anybody.
    school_number = models.BigIntegerField("école", unique=True)
    day = models.DateField("jour")
    stamp = models.CharField("marque des nouvelles", max_length=160)
    under_way = models.PositiveIntegerField("en parcours")
    in_company = models.PositiveIntegerField("en entreprise")
    without = models.PositiveIntegerField("sans stage")
    to_sign = models.PositiveIntegerField("conventions à signer")

    class Meta:
        verbose_name = "chiffres du jour d’une école"
        verbose_name_plural = "chiffres du jour des écoles"

    def __str__(self) -> str:
        return f"École {self.school_number}, {self.day:%d/%m/%Y}"
