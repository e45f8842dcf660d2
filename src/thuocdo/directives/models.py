"""Documents as received, the assignments found in them, whom these address, and phrases for groups of bodies."""

from django.db import models
from django.db.models import F, Q

from .lifecycle import AddresseeKind, CandidateState, DeadlineKind, DocumentState, Origin


class Document(models.Model):
    """A directive as it arrived: the bytes under their digest, and the text that was read from them."""

    # The body that received the document; whoever may see its directives may see this one.
    body = models.ForeignKey("organisations.Body", models.PROTECT, related_name="received_documents")
    number = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=500)
    issuer = models.ForeignKey(
        "organisations.Body", models.PROTECT, null=True, blank=True, related_name="issued_documents"
    )
    issuer_text = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=60, blank=True)
    urgency = models.CharField(max_length=20, blank=True)
    signer_post = models.CharField(max_length=200, blank=True)
    signer = models.CharField(max_length=80, blank=True)
    # Lists as the document gives them: "Kính gửi", "Nơi nhận", "Căn cứ".
    addressed_to = models.JSONField(default=list)
    recipients = models.JSONField(default=list)
    legal_bases = models.JSONField(default=list)
    received_at = models.DateTimeField(db_index=True)
    received_by = models.CharField(max_length=80)

    file_name = models.CharField(max_length=255)
    file = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    encoding = models.CharField(max_length=40, blank=True)

    # Offsets of candidates count the characters of this text; it never changes after it was read. That of a scan
    # is empty until its pages have been recognised.
    text = models.TextField()
    pages_to_recognise = models.PositiveIntegerField(default=0)
    pages_recognised = models.PositiveIntegerField(default=0)
    passages = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=DocumentState.choices, default=DocumentState.RECEIVED)
    failure = models.CharField(max_length=80, blank=True)
    # Number, title and issuer without accents, for the search of lists.
    search = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DocumentState.values), name="document_state_known"),
            models.CheckConstraint(
                condition=Q(state=DocumentState.FAILED) | Q(failure=""), name="document_failure_only_when_failed"
            ),
        ]

    @property
    def is_scan_to_read(self) -> bool:
        """Whether its pages are pictures whose text is still to be recognised."""
        return self.pages_to_recognise > 0 and not self.text

    @property
    def label(self) -> str:
        """How the ledger names this document."""
        return f"document:{self.pk}"


class AddresseeGroup(models.Model):
    """A collective addressee ("các bộ, ngành, địa phương"): its phrases, and the kinds of bodies it means."""

    code = models.CharField(max_length=60, unique=True)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    # Phrases as name keys (lower case, one tone place), so that they compare with what a text says.
    phrases = models.JSONField(default=list)
    kinds = models.JSONField(default=list)


class Candidate(models.Model):
    """One assignment in a document, awaiting or bearing a person's decision; fields are as the text says them."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="candidates")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    lead = models.JSONField(default=list)
    coordinating = models.JSONField(default=list)
    action = models.TextField()
    deliverable = models.TextField(blank=True)
    deadline_raw = models.CharField(max_length=300, blank=True)
    deadline_date = models.DateField(null=True, blank=True)
    deadline_kind = models.CharField(max_length=16, choices=DeadlineKind.choices, default=DeadlineKind.NONE)
    target = models.TextField(blank=True)
    addressee_kind = models.CharField(max_length=8, choices=AddresseeKind.choices, default=AddresseeKind.NONE)
    # From 0 to 1: how sure the rules are that this is an assignment; 1 for what a person marked.
    confidence = models.FloatField(default=1.0)
    reasons = models.JSONField(default=list)

    origin = models.CharField(max_length=12, choices=Origin.choices)
    parents = models.ManyToManyField("self", symmetrical=False, related_name="children", blank=True)
    state = models.CharField(max_length=12, choices=CandidateState.choices, default=CandidateState.PROPOSED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="candidate_span_not_empty"),
            models.CheckConstraint(condition=Q(state__in=CandidateState.values), name="candidate_state_known"),
            models.CheckConstraint(
                condition=Q(state=CandidateState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=CandidateState.PROPOSED) & Q(decided_at__isnull=False)),
                name="candidate_decided_when_not_proposed",
            ),
            models.CheckConstraint(
                condition=Q(deadline_kind__in=DeadlineKind.values), name="candidate_deadline_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["document", "start", "end"], name="candidate_in_reading_order")]

    @property
    def label(self) -> str:
        """How the ledger names this candidate."""
        return f"candidate:{self.pk}"


class Addressee(models.Model):
    """One body or group that a name in a candidate may mean; several rows for one name are several proposals."""

    class Part(models.TextChoices):
        LEAD = "lead"
        COORDINATING = "coordinating"

    class Manner(models.TextChoices):
        """How the name led to the body; only the first four settle the matter without a person."""

        NAME = "name"
        POST = "post"
        LOCAL = "local"
        GROUP = "group"
        PART_OF_GROUP = "part_of_group"
        FORMER_NAME = "former_name"
        SUCCESSOR = "successor"
        OTHER_TIME = "other_time"

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="addressees")
    part = models.CharField(max_length=12, choices=Part.choices)
    # Which of the names in `lead` or `coordinating` this is, from 0.
    position = models.PositiveSmallIntegerField()
    body = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    group = models.ForeignKey(AddresseeGroup, models.PROTECT, null=True, blank=True, related_name="+")
    manner = models.CharField(max_length=16, choices=Manner.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(body__isnull=False, group__isnull=True) | Q(body__isnull=True, group__isnull=False),
                name="addressee_body_or_group",
            ),
            models.UniqueConstraint(fields=["candidate", "part", "position", "body"], name="addressee_body_once"),
            models.UniqueConstraint(fields=["candidate", "part", "position", "group"], name="addressee_group_once"),
        ]
