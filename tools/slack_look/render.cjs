// Reads [{name, blocks, image, time}] as JSON from a file; prints {name: html}. See tests/adapters/slack/look.py.
const fs = require("node:fs");
const { createElement } = require("react");
const { renderToStaticMarkup } = require("react-dom/server");
const { Message } = require("slack-blocks-to-jsx");

// Where the library differs from Slack. It reads markup and emoji in plain text, takes "verbatim" for "no markup at
// all" (in Slack: bare links and names are left alone), and looks for emoji across the borders of a link.
const JOINER = "\u2060";
const RATIO = "\u2236"; // looks like a colon
const plain = (text) => text.replace(/[*_~`<]/g, `$&${JOINER}`).replace(/:/g, RATIO);
const links = (text) => text.replace(/<([^>|]*)\|([^>]*)>/g, (_, url, label) => `<${url}|${label.replace(/:/g, RATIO)}>`);
const bare = (text) => text.replace(/(?<!<)(https?):(?=\/\/)/g, `$1${RATIO}`);
const asSlack = (value) => {
  if (Array.isArray(value)) return value.map(asSlack);
  if (!value || typeof value !== "object") return value;
  if (value.type === "plain_text") return { ...value, text: plain(value.text) };
  if (value.type === "mrkdwn") return { type: "mrkdwn", text: links(bare(value.text)).replaceAll(`:${JOINER}`, RATIO) };
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asSlack(one)]));
};
// Slack resolves a file of its own; here it is a picture at hand.
const shown = (blocks, image) =>
  asSlack(blocks).map(({ slack_file: file, ...block }) => (file ? { ...block, image_url: image } : block));

const scenes = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const drawn = scenes.map(({ name, blocks, image, time }) => {
  const message = createElement(Message, {
    blocks: shown(blocks, image),
    logo: "",
    name: "roast",
    time: new Date(time),
    theme: "light",
    withoutWrapper: true,
  });
  return [name, renderToStaticMarkup(message)];
});
process.stdout.write(JSON.stringify(Object.fromEntries(drawn)));
