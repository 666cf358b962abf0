// A batch that is worked on: ask how far it is, and show the next page when it is done. Closing the page stops nothing.
"use strict";
{
  const panel = document.querySelector("[data-progress]");
  const [bar, words, trouble] = ["progress", "[data-words]", "[data-trouble]"].map((what) => panel?.querySelector(what));
  const QUICK = 1000;
  const SLOW = 15000;
  let pause = QUICK;

  const show = (told) => {
    if (told.state !== panel.dataset.state) {
      location.reload();
      return;
    }
    if (words.textContent !== told.words) words.textContent = told.words;
    if (told.total) {
      bar.max = told.total;
      bar.value = Math.min(told.done, told.total);
    }
  };

  const ask = async () => {
    try {
      const answer = await fetch(panel.dataset.progress, {
        headers: { Accept: "application/json" },
        cache: "no-store",
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect") {
        // Nobody is signed in here any more: the page of signing in says so.
        location.reload();
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      trouble.hidden = true;
      pause = QUICK;
      show(await answer.json());
    } catch {
      // A line that is down for a minute must not end the watch, nor be asked ten times a second.
      trouble.hidden = false;
      pause = Math.min(pause * 2, SLOW);
    }
    setTimeout(ask, pause);
  };

  if (panel) setTimeout(ask, QUICK);
}
