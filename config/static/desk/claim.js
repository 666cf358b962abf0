// Entering claims by keyboard: the first blank field is ready, a letter opens a search-as-you-type field, and Ctrl with Enter
// records and asks for the next claim. Without this script the page records all the same.
"use strict";
// Search-as-you-type fields are made when the page is ready, before what is asked for here.
django.jQuery(() => {
  const form = document.querySelector('[name="indicator"]').closest("form");
  const box = (select) => select.closest("div").querySelector(".select2-selection");

  const openWith = (closed, event) => {
    event.preventDefault();
    django.jQuery(closed.closest(".select2-container").previousElementSibling).select2("open");
    // It takes the focus a moment later: letters typed meanwhile are not lost.
    const search = django.jQuery(".select2-container--open .select2-search__field").trigger("focus");
    search.val(search.val() + event.key).trigger("input");
  };

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('[name="_addanother"]'));
    } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) {
      const closed = event.target.closest(".select2-selection");
      if (closed) openWith(closed, event);
    }
  });

  if (document.querySelector(".errornote")) return;
  const source = form.querySelector('[name="source"]');
  (source.value ? form.querySelector('[name="indicator"]') : box(source)).focus();
});
