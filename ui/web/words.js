// What the scripts say, in the language of the page: phrases stay German where they are used. The
// server puts their English beside an English page (ui/web/first_page.py, ui/language.py).
"use strict";

window.inOurWords = (() => {
  let english = null;
  return (german) => {
    if (!english) {
      const block = document.getElementById("words");
      english = block ? JSON.parse(block.textContent) : {};
    }
    return english[german] || german;
  };
})();
