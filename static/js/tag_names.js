// Turn the tag field into a search box that also creates tags.
// Without this, it is a plain list of the tags that the story has.

const $ = window.django.jQuery;

for (const select of document.querySelectorAll(".tag-names")) {
  $(select).select2({
    tags: true,
    tokenSeparators: [","],
    ajax: { url: select.dataset.names, delay: 150 },
    // The typed text comes last, after the tags that exist.
    insertTag: (results, typed) => results.push(typed),
  });
}
