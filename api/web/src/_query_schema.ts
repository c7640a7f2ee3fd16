// Completion from the graph's own words: prefixed names, names in both languages and in pinyin, variables, keywords.

import { type Completion, type CompletionContext, type CompletionResult, pickedCompletion } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { language, word } from "./_query_words";

type Labels = Record<string, string>;

interface Term {
  iri: string;
  name?: string;
  labels: Labels;
  definition?: Labels;
  keys: string[];
  count?: number;
}

export interface Schema {
  version: number;
  prefixes: Record<string, string>;
  classes: Term[];
  properties: Term[];
  concepts: Term[];
  graphs: Term[];
}

type Kind = "class" | "property" | "concept" | "graph" | "keyword" | "variable" | "prefix";

/** One thing that may be put in: what it is found by, the better fits first. */
interface Word {
  kind: Kind;
  insert: string;
  shown: string;
  detail: string;
  info: string;
  found: string[];
  prefix: string;
}

const MOST = 60;
const KEYWORDS =
  "SELECT DISTINCT WHERE CONSTRUCT DESCRIBE ASK PREFIX FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER BIND AS VALUES UNDEF " +
  "EXISTS NOT IN ORDER BY DESC ASC LIMIT OFFSET GROUP HAVING COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT SEPARATOR STR LANG " +
  "LANGMATCHES DATATYPE IRI BOUND IF COALESCE CONTAINS STRSTARTS STRENDS STRLEN SUBSTR REPLACE REGEX UCASE LCASE CONCAT " +
  "STRBEFORE STRAFTER YEAR MONTH DAY NOW ABS ROUND CEIL FLOOR isIRI isLiteral isBlank isNumeric true false a";
const NAME = /[\p{L}\p{N}_:\-/]*$/u;
const SAFE = /^[\p{L}\p{N}_-]+:[\p{L}_][\p{L}\p{N}_-]*$/u;

let schema: Promise<Schema | null> | null = null;

/** What the graph can be asked about; asked for once. */
export function known(): Promise<Schema | null> {
  schema ??= fetch("/api/v1/schema", { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? (answer.json() as Promise<Schema>) : null))
    .catch(() => null);
  return schema;
}

function spoken(labels: Labels | undefined): string {
  if (!labels) return "";
  return labels[language] ?? labels[""] ?? Object.values(labels)[0] ?? "";
}

function termWord(term: Term, kind: Kind): Word {
  const name = term.name && SAFE.test(term.name) ? term.name : "";
  const labels = [...new Set(Object.values(term.labels))];
  const count = term.count === undefined ? "" : ` · ${term.count.toLocaleString()}`;
  const local = name.slice(name.indexOf(":") + 1);
  return {
    kind,
    insert: name || `<${term.iri}>`,
    shown: name || spoken(term.labels) || term.iri,
    detail: `${name ? spoken(term.labels) : word(kind)}${count}`,
    info: [labels.join(" · "), spoken(term.definition), term.iri].filter(Boolean).join("\n"),
    found: [name, local, ...labels, ...(term.keys ?? [])].filter(Boolean).map((one) => one.toLowerCase()),
    prefix: name.slice(0, Math.max(0, name.indexOf(":"))),
  };
}

function plainWord(text: string, kind: Kind, detail = ""): Word {
  return { kind, insert: text, shown: text, detail, info: "", found: [text.toLowerCase()], prefix: "" };
}

let words: Word[] | null = null;

function wordsOf(one: Schema | null): Word[] {
  words ??= [
    ...(one?.classes ?? []).map((term) => termWord(term, "class")),
    ...(one?.properties ?? []).map((term) => termWord(term, "property")),
    ...(one?.concepts ?? []).map((term) => termWord(term, "concept")),
    ...(one?.graphs ?? []).map((term) => termWord({ ...term, keys: [] }, "graph")),
    ...KEYWORDS.split(" ").map((text) => plainWord(text, "keyword")),
    ...Object.keys(one?.prefixes ?? {}).map((text) => ({ ...plainWord(`${text}:`, "prefix", one?.prefixes[text]), prefix: text })),
  ];
  return words;
}

/** Which kinds of words are likely here: a class after "a", a property behind a subject, a value behind a property. */
function likely(before: string): Kind[] {
  const text = before.trimEnd();
  if (/(^|\s)(a|rdf:type)$/.test(text)) return ["class"];
  if (/\bGRAPH$/i.test(text)) return ["graph"];
  if (/([;{]|[?$]\w+|\])$/.test(text) || (/>$/.test(text) && /[.{]\s*<[^<>]*>$/.test(text))) return ["property"];
  if (/(\p{L}[\p{L}\p{N}_-]*:[\p{L}\p{N}_-]+|>|,|\(|VALUES \S+ \{)$/u.test(text)) return ["concept", "class"];
  return [];
}

function fit(one: Word, typed: string, wanted: Kind[]): number {
  let best = Infinity;
  for (const found of one.found) {
    const at = found.indexOf(typed);
    if (at >= 0) best = Math.min(best, (found === typed ? 0 : at === 0 ? 1 : 3) + found.length / 1000);
  }
  return best - (wanted.includes(one.kind) ? 4 : 0);
}

function variables(text: string, typed: string): Completion[] {
  const found = new Set(text.match(/[?$][\p{L}\p{N}_]+/gu) ?? []);
  found.delete(typed);
  return [...found].sort().map((label) => ({ label, type: "variable" }));
}

/** Where further PREFIX lines go: behind the last one, else before everything but comments. */
export function prologueEnd(text: string): number {
  let end = -1;
  for (const line of text.matchAll(/^[ \t]*(PREFIX|BASE)\b[^\n]*\n?/gim)) end = line.index + line[0].length;
  if (end >= 0) return end;
  return /^(?:[ \t]*#[^\n]*\n)*/.exec(text)?.[0].length ?? 0;
}

/** The PREFIX line that a prefix still needs. */
export function missingPrefix(text: string, prefix: string, prefixes: Record<string, string>): string {
  const iri = prefixes[prefix];
  if (!prefix || !iri) return "";
  return new RegExp(`^[ \\t]*PREFIX[ \\t]+${prefix}:`, "im").test(text) ? "" : `PREFIX ${prefix}: <${iri}>\n`;
}

function putIn(one: Word, prefixes: Record<string, string>) {
  return (view: EditorView, completion: Completion, from: number, to: number): void => {
    const text = view.state.doc.toString();
    const line = missingPrefix(text, one.prefix, prefixes);
    const at = prologueEnd(text);
    const blank = line && at === 0 && text.trim() && !/^\s*(PREFIX|BASE)\b/i.test(text) ? "\n" : "";
    const changes = [{ from, to, insert: one.insert }];
    if (line && at <= from) changes.unshift({ from: at, to: at, insert: line + blank });
    view.dispatch({
      changes,
      selection: { anchor: from + one.insert.length + (changes.length > 1 ? line.length + blank.length : 0) },
      annotations: pickedCompletion.of(completion),
      userEvent: "input.complete",
      scrollIntoView: true,
    });
  };
}

/** What may follow at a place in the text. */
export async function completions(context: CompletionContext): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  const before = text.slice(0, context.pos);
  if (/(^|\n)[^\n<"']*#[^\n]*$/.test(before)) return null; // a comment
  const variable = /[?$][\p{L}\p{N}_]*$/u.exec(before)?.[0];
  if (variable) {
    return { from: context.pos - variable.length, options: variables(text, variable), validFor: /^[?$][\p{L}\p{N}_]*$/u };
  }
  const typed = NAME.exec(before)?.[0] ?? "";
  if (!typed && !context.explicit) return null;
  if (typed.length < 2 && !context.explicit && !/[^\x00-\x7f]/.test(typed)) return null;
  const found = await known();
  if (context.aborted) return null;
  const wanted = likely(before.slice(0, before.length - typed.length));
  const ranked = wordsOf(found)
    .map((one, place) => ({ one, place, rank: fit(one, typed.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((one, other) => one.rank - other.rank || one.place - other.place)
    .slice(0, MOST);
  const options = ranked.map(({ one }) => ({
    label: one.shown,
    detail: one.detail,
    type: one.kind,
    ...(one.info ? { info: () => told(one.info) } : {}),
    apply: putIn(one, found?.prefixes ?? {}),
  }));
  return options.length ? { from: context.pos - typed.length, options, filter: false } : null;
}

function told(text: string): HTMLElement {
  const shown = document.createElement("div");
  for (const line of text.split("\n")) shown.append(Object.assign(document.createElement("p"), { textContent: line }));
  return shown;
}
