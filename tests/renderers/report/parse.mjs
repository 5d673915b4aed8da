// Reads a JSON list of diagrams from standard input and writes what mermaid says of each:
// its type, or the error. The folder with node_modules is the first argument.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const load = (file) => import(pathToFileURL(join(process.argv[2], file)));
const { JSDOM } = await load("jsdom/lib/api.js");
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await load("mermaid/dist/mermaid.core.mjs");
const answers = [];
for (const text of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    answers.push((await mermaid.parse(text)).diagramType);
  } catch (error) {
    answers.push(`error: ${error.message}`);
  }
}
process.stdout.write(JSON.stringify(answers));
