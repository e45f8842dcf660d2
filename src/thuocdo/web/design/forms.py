"""How forms are drawn: label, hint, error with its remedy, control; and the list of errors above."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws every form and field with the templates of this folder."""

    form_template_name = "design/form.html"
    field_template_name = "design/field.html"
