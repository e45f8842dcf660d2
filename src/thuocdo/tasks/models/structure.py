"""What a task is made of: milestones, products, what it waits for, and the budget lines that pay for it."""

from django.db import models
from django.db.models import F, Q

from .task import Task
from .work import Report


class Milestone(models.Model):
    """A step on the way to the result, with a day of its own."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="milestones")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    # The last allowed day, as now in force and as first set.
    due_on = models.DateField()
    original_due_on = models.DateField()
    reached_on = models.DateField(null=True, blank=True)
    # The report that says so.
    report = models.ForeignKey(Report, models.SET_NULL, null=True, blank=True, related_name="milestones")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "position"], name="milestone_position_once")]
        indexes = [models.Index(fields=["due_on"], name="milestone_by_deadline")]


class Product(models.Model):
    """One of the products that a task owes; each is accepted for itself."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="products")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=500)
    # How many of them, in which unit, where it can be counted.
    quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    is_accepted = models.BooleanField(default=False)
    accepted_on = models.DateField(null=True, blank=True)
    accepted_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "position"], name="product_position_once"),
            models.CheckConstraint(
                condition=Q(is_accepted=False, accepted_on__isnull=True)
                | Q(is_accepted=True, accepted_on__isnull=False),
                name="product_accepted_on_its_day",
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="product_quantity_positive"
            ),
        ]


class Dependency(models.Model):
    """What a task waits for: another task, a legal document or a decision."""

    class Kind(models.TextChoices):
        TASK = "task"
        LEGAL_DOCUMENT = "legal_document"
        DECISION = "decision"

    task = models.ForeignKey(Task, models.CASCADE, related_name="dependencies")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    waits_for = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="dependents")
    # Of a document or decision: what it is called, who owes it, and by when.
    title = models.CharField(max_length=500, blank=True)
    owner = models.ForeignKey("organisations.Body", models.PROTECT, null=True, blank=True, related_name="+")
    expected_on = models.DateField(null=True, blank=True)
    fulfilled_on = models.DateField(null=True, blank=True)
    number = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    by_label = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="task", waits_for__isnull=False, title=""))
                | (Q(kind__in=["legal_document", "decision"], waits_for__isnull=True) & ~Q(title="")),
                name="dependency_on_task_or_text",
            ),
            models.CheckConstraint(
                condition=Q(waits_for__isnull=True) | ~Q(waits_for=F("task")), name="dependency_not_on_itself"
            ),
            models.UniqueConstraint(fields=["task", "waits_for"], name="dependency_on_task_once"),
        ]


class BudgetReference(models.Model):
    """The line of a budget that pays for a task, as the budget names it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="budget_references")
    code = models.CharField(max_length=80)
    title = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField()
    # In dong.
    amount = models.DecimalField(max_digits=20, decimal_places=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "code", "year"], name="budget_reference_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_reference_amount"),
        ]
