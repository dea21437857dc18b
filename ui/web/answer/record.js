// The page of one answer: what only a script can do, printing and copying, is offered by it.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  function offer(place, words, act) {
    if (!place) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = inOurWords(words);
    button.addEventListener("click", () => act(button));
    place.append(button);
  }

  // A page image that is still on its way would be missing on paper.
  async function print() {
    const images = [...document.images].map((image) => image.decode().catch(() => undefined));
    await Promise.all(images);
    window.print();
  }

  const address = document.getElementById("address");
  if (address) address.textContent = location.origin + location.pathname;
  if (navigator.clipboard) {
    offer(document.getElementById("copy"), "Link kopieren", async (button) => {
      await navigator.clipboard.writeText(address.textContent);
      button.textContent = inOurWords("Kopiert");
    });
  }
  offer(document.getElementById("print"), "Drucken", print);
  if (location.hash === "#drucken") print();
});
