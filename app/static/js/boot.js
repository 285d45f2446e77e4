// Runs before anything is drawn: the reader's chosen size and contrast, and the one policy by which script may make markup.
(() => {
  "use strict";
  const root = document.documentElement;
  try {
    const chosen = JSON.parse(localStorage.getItem("gh-prefs") || "{}");
    for (const name of ["size", "contrast", "elder"]) if (chosen[name]) root.dataset[name] = chosen[name];
  } catch { /* storage is closed: the page looks as it comes */ }
  // htmx and idiomorph put our own fragments into the page as text; scripts and workers may come from our own static files alone.
  if (window.trustedTypes?.createPolicy) {
    const own = (address) => {
      const url = new URL(address, location.href);
      if (url.origin === location.origin && (url.pathname.startsWith("/static/") || url.pathname.startsWith("/socket.io/"))) return url.href;
      throw new TypeError(`script from ${url.href} refused`);
    };
    trustedTypes.createPolicy("default", { createHTML: (text) => text, createScriptURL: own });
  }
})();
