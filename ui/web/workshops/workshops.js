// Presses and focus of the page „Werkstätten“ (ui/web/workshops/page.py). Rendered HTML carries no
// code: what can be pressed has a name, which goes to the server as the data of an event.
"use strict";

window.werkstaetten = (() => {
  // The cell whose passages are shown, by name.
  let cell = "";
  // Where the focus goes when the passages come: an id, or nothing.
  let wanted = "";

  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function land(target, block = "start") {
    if (!target) return;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });
  }

  const pressed = (event, selector) => event.target.closest(selector);

  // Links within the page take the focus along; gradio's router would load the page anew.
  function within(element) {
    element.addEventListener("click", (event) => {
      const link = pressed(event, "a[href^='#']");
      if (!link) return;
      event.preventDefault();
      land(document.getElementById(link.hash.slice(1)), "center");
    });
  }

  function press(button, trigger, open) {
    cell = button.id;
    wanted = "stellen";
    for (const other of document.querySelectorAll("#theme-map button[id]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    // So that the address leads to the same passages; "#" alone would mean that of the first page.
    history.replaceState(history.state, "", `${location.pathname}${location.search}#${cell}`);
    trigger(open, { name: cell });
  }

  // Arrow keys go from field to field, over those that have no passages.
  const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

  function step(event) {
    const button = pressed(event, "button[id]");
    const way = STEPS[event.key];
    if (!button || !way) return;
    event.preventDefault();
    const rows = [...button.closest("tbody").rows].map((row) => [...row.querySelectorAll("td")]);
    // The cell over all rows stands in the first one only.
    for (const row of rows) {
      const gap = row.findIndex((td) => td.matches(".gap"));
      if (gap >= 0) row.splice(gap, 1);
    }
    let y = rows.findIndex((row) => row.includes(button.closest("td")));
    let x = rows[y].indexOf(button.closest("td"));
    while (rows[y + way[0]] && rows[y + way[0]][x + way[1]]) {
      y += way[0];
      x += way[1];
      const next = rows[y][x].querySelector("button");
      if (!next) continue;
      next.focus();
      return;
    }
  }

  function map(element, trigger, watch, open) {
    within(element);
    element.addEventListener("keydown", step);
    element.addEventListener("click", (event) => {
      const button = pressed(event, "button[id]");
      if (button) press(button, trigger, open);
    });
    watch("value", () => {
      const named = location.hash.slice(1);
      const button = !cell && named.startsWith("zelle-") && document.getElementById(named);
      if (button) press(button, trigger, open);
    });
  }

  function places(element, trigger, watch, open) {
    element.addEventListener("click", (event) => {
      const shows = pressed(event, "button.shows");
      if (shows) {
        // Where the page stands above its list, it would change out of sight.
        const above = window.matchMedia("(max-width: 60rem)").matches;
        wanted = above ? "seitenbild" : shows.id;
        trigger(open, { name: shows.id });
        return;
      }
      const back = pressed(event, "a.back");
      if (!back) return;
      event.preventDefault();
      land(document.getElementById(cell), "center");
    });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") land(document.getElementById(cell), "center");
    });
    watch("value", () => {
      const target = wanted && document.getElementById(wanted);
      const block = wanted === "stellen" ? "start" : "nearest";
      wanted = "";
      if (!target) return;
      const folded = target.closest("details");
      if (folded) folded.open = true;
      land(target, block);
    });
  }

  return { series: within, map, places };
})();
