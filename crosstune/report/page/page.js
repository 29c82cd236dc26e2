// What starts when the page is there. The parts with answers unpack when they come into view.

import { start } from "./address.js";
import { loadAnswers, startAnswers } from "./answers.js";
import { loadCompare, startCompare } from "./compare.js";
import { loadProblems, startProblems } from "./problems.js";
import { startTables } from "./tables.js";

function whenSeen(id, act) {
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((one) => one.isIntersecting)) return;
      watcher.disconnect();
      act();
    },
    { rootMargin: "600px" },
  );
  watcher.observe(document.getElementById(id));
}

startTables();
startProblems();
startCompare();
startAnswers();
whenSeen("problems", loadProblems);
whenSeen("compare", loadCompare);
whenSeen("completions", loadAnswers);
start();

// On paper nothing can be opened: open it before.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("main details:not(.pairs)")) details.open = true;
});
