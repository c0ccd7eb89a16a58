"""What a person should know."""

from django.db import models

from twincitylab.community.models.communities import Community
from twincitylab.community.models.people import Person


class Notice(models.Model):
    """Something a person should know, shown in the inbox and told by mail as often as the person wishes.

    ``kind`` names a sentence, ``words`` its identifiers and names; the sentence is made when it is read, in
    the reader's language. ``address`` is the page to go to.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    community = models.ForeignKey(
        Community,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="On whose behalf the person hears of it.",
    )
    kind = models.CharField(max_length=40)
    words = models.JSONField(default=dict)
    address = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["person", "-made_at"], name="notice_by_person"),
            models.Index(fields=["mailed_at", "person"], name="notice_to_mail"),
        )

    def __str__(self) -> str:
        return self.kind
