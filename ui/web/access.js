// Says so when the login has ended while the page is open: gradio itself would only report that
// the connection is lost.
"use strict";

(() => {
  const fetched = window.fetch;

  function expired() {
    if (document.getElementById("expired")) return;
    const box = document.createElement("div");
    box.id = "expired";
    box.setAttribute("role", "alertdialog");
    box.setAttribute("aria-labelledby", "expired-what");
    const what = document.createElement("p");
    what.id = "expired-what";
    what.textContent = inOurWords("Ihre Anmeldung ist abgelaufen.");
    const way = document.createElement("a");
    way.href = `/anmelden?weiter=${encodeURIComponent(location.pathname + location.search)}`;
    way.textContent = inOurWords("Neu anmelden");
    box.append(what, way);
    document.body.append(box);
    way.focus();
  }

  window.fetch = async (...request) => {
    const response = await fetched(...request);
    if (response.status === 401) expired();
    return response;
  };

  // One press logs out. Without this script the link leads to a page that asks.
  async function leave() {
    const page = await (await fetched("/abmelden")).text();
    const form = new DOMParser().parseFromString(page, "text/html").querySelector("form");
    const sent = new URLSearchParams(new FormData(form));
    const response = await fetched("/abmelden", { method: "POST", body: sent });
    location.assign(response.url);
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("a.leave")) return;
    event.preventDefault();
    leave().catch(() => location.assign("/abmelden"));
  });
})();
