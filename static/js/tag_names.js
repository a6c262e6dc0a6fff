// Find tags by typing, and type new ones: "create" comes last, after what is there already.

const $ = window.django.jQuery;

for (const select of document.querySelectorAll(".tag-names")) {
  $(select).select2({
    tags: true,
    tokenSeparators: [","],
    ajax: { url: select.dataset.names, delay: 150 },
    insertTag: (found, typed) => found.push(typed),
  });
}
