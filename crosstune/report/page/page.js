// Starts the page. Sections with answers unpack when they scroll into view.

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

// On paper nothing can be opened, so open everything before printing.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("main details:not(.pairs)")) details.open = true;
});
