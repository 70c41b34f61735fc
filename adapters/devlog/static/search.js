// The search: a small index, fetched once somebody searches; every word must be found. Nothing is written as HTML.
(() => {
  "use strict";
  const form = document.getElementById("find");
  const input = document.getElementById("q");
  const hits = document.getElementById("hits");
  const told = document.getElementById("found");
  const root = form.dataset.root;
  const MOST = 50;
  let posts = null;

  const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

  const load = async () => {
    if (posts) return posts;
    const all = [];
    let next = form.dataset.index;
    while (next) {
      const answer = await fetch(next);
      if (!answer.ok) throw new Error(answer.statusText);
      const part = await answer.json();
      for (const [title, slug, pull, author, last, offences, doneness, day] of part.posts) {
        const names = offences.map((one) => part.offences[one]).join(" ");
        const words = folded([title, pull, author, last, names, doneness, day].join(" "));
        all.push({ title, slug, pull, author, doneness, day, words, head: folded(title) });
      }
      next = part.more ? root + part.more : "";
    }
    posts = all;
    return posts;
  };

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  const shown = (post) => {
    const item = document.createElement("li");
    item.append(element("a", post.title, { href: `${root}posts/${post.slug}/` }));
    item.append(element("p", `${post.pull}, ${post.author}, ${post.day}, ${post.doneness}`, { class: "small" }));
    return item;
  };

  const find = async () => {
    const query = input.value.trim();
    const words = folded(query).split(/\s+/).filter(Boolean);
    hits.replaceChildren();
    if (!words.length) {
      told.textContent = "";
      return;
    }
    try {
      const all = await load();
      if (input.value.trim() !== query) return;
      const found = all.filter((post) => words.every((word) => post.words.includes(word)));
      const inTitle = (post) => words.filter((word) => post.head.includes(word)).length;
      found.sort((a, b) => inTitle(b) - inTitle(a));
      hits.replaceChildren(...found.slice(0, MOST).map(shown));
      const count = found.length === 1 ? "1 roast" : `${found.length} roasts`;
      told.textContent = found.length > MOST ? `${count}, the first ${MOST} of them:` : `${count}.`;
    } catch {
      told.textContent = "The index could not be fetched. Everything can be browsed all the same.";
    }
  };

  let waiting = 0;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new URL(location.href);
    address.searchParams.set("q", input.value);
    history.replaceState(null, "", address);
    find();
  });
  form.hidden = false;
  input.value = new URLSearchParams(location.search).get("q") || "";
  if (input.value) find();
})();
