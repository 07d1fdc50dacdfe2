"""What style sheets change of what a tag says: they hide it, or show on other screens what it hides."""

from typing import TYPE_CHECKING

from bothways.judge.appearance import Appearance

if TYPE_CHECKING:
    from bothways.judge.surroundings import Surroundings
    from bothways.judge.view import View
    from bothways.markup.references import Reference


def is_bare(view: "View") -> bool:
    """Say whether only a style sheet could tell that a program's answer is kept out of sight."""
    return view.nameless and not view.unseen


def style(reference: "Reference", view: "View", surroundings: "Surroundings") -> "View":
    """Correct a view by the style sheets: they show what is hidden, as a picture for phones, or hide it."""
    tag, sheets = reference.tag, surroundings.sheets
    if tag is None or sheets is None or reference.element != "img":
        return view
    if is_bare(view):
        hidden_by = sheets.hide(tag.get("class"), tag.get("id"))
        return view._replace(appearance=Appearance(hidden_by=hidden_by)) if hidden_by else view
    if not (view.inside or view.appearance.collapsed):
        return view
    hidden = bool(view.appearance.hidden_by)
    if view.appearance.collapsed and not sheets.show(tag.get("class"), hidden=hidden):
        return view
    if view.inside and not sheets.show(surroundings.hiding_class(tag)):
        return view
    return view._replace(appearance=view.appearance.opened(), inside="")
