// Django's search-as-you-type fields have no accessible name of their own: give them that of their label.
"use strict";
{
  const nameOne = (box) => {
    const select = box.previousElementSibling;
    const label = select && document.querySelector(`label[for="${select.id}"]`);
    if (!label) return;
    label.id ||= `label-${select.id}`;
    // The last of them is there where several may be chosen.
    const parts = ".select2-selection, .select2-selection__rendered, .select2-search--inline .select2-search__field";
    for (const part of box.querySelectorAll(parts)) {
      part.setAttribute("aria-labelledby", part.id ? `${label.id} ${part.id}` : label.id);
    }
  };
  // They are made after the page is ready, and again for every row that is added.
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (node.nodeType === Node.ELEMENT_NODE && node.matches(".select2-container")) nameOne(node);
      }
    }
  }).observe(document, { childList: true, subtree: true });
}
