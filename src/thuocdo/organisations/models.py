"""Bodies and how they hang together in time; validity is half-open, an empty end means "still"."""

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q


class Bloc(models.TextChoices):
    """The blocs of the political system."""

    CENTRE = "centre"
    PARTY = "party"
    GOVERNMENT = "government"
    NATIONAL_ASSEMBLY = "national_assembly"
    COURT = "court"
    PROCURACY = "procuracy"
    AUDIT = "audit"
    PRESIDENCY = "presidency"
    FRONT = "front"
    LOCAL = "local"


class Kind(models.TextChoices):
    """What kind of body it is."""

    CENTRE = "centre"
    BLOC = "bloc"
    MINISTRY = "ministry"
    MINISTERIAL_AGENCY = "ministerial_agency"
    GOVERNMENT_AGENCY = "government_agency"
    PARTY_BODY = "party_body"
    PARTY_COMMITTEE = "party_committee"
    ASSEMBLY_BODY = "assembly_body"
    COURT = "court"
    PROCURACY = "procuracy"
    AUDIT = "audit"
    FRONT_BODY = "front_body"
    MASS_ORGANISATION = "mass_organisation"
    STATE_BODY = "state_body"
    PROVINCE = "province"
    CITY = "city"
    COMMUNE = "commune"
    WARD = "ward"
    SPECIAL_ZONE = "special_zone"
    DEPARTMENT = "department"


class Hierarchy(models.TextChoices):
    """The two ways in which one body stands above another."""

    TERRITORIAL = "territorial"
    SECTOR = "sector"


def _valid_range(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name=f"{name}_valid_range"
    )


Row = TypeVar("Row", bound=models.Model)


class DatedQuerySet(models.QuerySet[Row]):
    """Rows with half-open validity."""

    def valid_on(self, day: date) -> Self:
        """Rows in force on the day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


class Body(models.Model):
    """A body of the political system: what owes tasks, is measured and is ranked."""

    code = models.CharField(max_length=40, unique=True)
    bloc = models.CharField(max_length=20, choices=Bloc.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    short_name = models.CharField(max_length=120)
    abbreviation = models.CharField(max_length=40, blank=True)
    peer_group = models.CharField(max_length=40, blank=True, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet["Body"].as_manager()

    class Meta:
        constraints = [
            _valid_range("body"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="body_kind_known"),
            models.CheckConstraint(condition=Q(bloc__in=Bloc.values), name="body_bloc_known"),
        ]

    @property
    def label(self) -> str:
        """How the ledger names this body."""
        return f"body:{self.code}"


class Name(models.Model):
    """A name by which a body is or was known; `search` is without accents, `spelled` unifies tone marks."""

    class Sort(models.TextChoices):
        OFFICIAL = "official"
        SHORT = "short"
        ABBREVIATION = "abbreviation"
        FORMER = "former"
        ALIAS = "alias"

    body = models.ForeignKey(Body, models.CASCADE, related_name="names")
    sort = models.CharField(max_length=12, choices=Sort.choices)
    text = models.CharField(max_length=200)
    spelled = models.CharField(max_length=200, db_index=True)
    search = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "sort", "spelled"], name="name_once")]


class Line(models.Model):
    """One body under another for a time, in one hierarchy; `code` names the sector line."""

    hierarchy = models.CharField(max_length=12, choices=Hierarchy.choices)
    code = models.CharField(max_length=40, blank=True)
    body = models.ForeignKey(Body, models.CASCADE, related_name="lines")
    superior = models.ForeignKey(Body, models.PROTECT, related_name="subordinate_lines")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet["Line"].as_manager()

    class Meta:
        constraints = [
            _valid_range("line"),
            models.CheckConstraint(condition=~Q(body=F("superior")), name="line_not_to_itself"),
            models.UniqueConstraint(fields=["hierarchy", "code", "body", "valid_from"], name="line_one_superior_from"),
        ]


class SectorLine(models.Model):
    """A sector line as a rule: the head directs its field at every body of the kinds, down to the commune.

    Thirty lines times 3,355 local bodies would be a hundred thousand rows that say nothing more.
    """

    code = models.CharField(max_length=40, unique=True)
    title_vi = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160)
    head = models.ForeignKey(Body, models.PROTECT, related_name="sector_lines")
    kinds = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet["SectorLine"].as_manager()

    class Meta:
        constraints = [_valid_range("sector_line")]


class Descent(models.Model):
    """Every pair (ancestor, descendant) of a hierarchy with the time in which it holds; a body descends
    from itself at depth 0. Computed from the lines by `operations.redraw_descents`, never typed."""

    hierarchy = models.CharField(max_length=12, choices=Hierarchy.choices)
    ancestor = models.ForeignKey(Body, models.CASCADE, related_name="descents")
    descendant = models.ForeignKey(Body, models.CASCADE, related_name="ascents")
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet["Descent"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["hierarchy", "ancestor", "descendant"], name="descent_downwards"),
            models.Index(fields=["hierarchy", "descendant", "depth"], name="descent_upwards"),
        ]


class Succession(models.Model):
    """A body whose work went to another: mergers, splits, renamings; `share` is the part that went there."""

    predecessor = models.ForeignKey(Body, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Body, models.PROTECT, related_name="origins")
    on = models.DateField()
    share = models.DecimalField(max_digits=7, decimal_places=6, default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="succession_share_part"),
        ]


class Appointment(models.Model):
    """Who headed a body and when. The name is personal data: it stands here and never in the ledger."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="appointments")
    person = models.CharField(max_length=120)
    post = models.CharField(max_length=160)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet["Appointment"].as_manager()

    class Meta:
        constraints = [_valid_range("appointment")]
