// Asking a query, and what comes back: rows, yes or no, or the triples of a graph, which are rows of three.

export interface Cell {
  type: "uri" | "bnode" | "literal" | "typed-literal" | "triple";
  value: string;
  "xml:lang"?: string;
  datatype?: string;
}

export type Row = (Cell | null)[];
export type Shape = "rows" | "boolean" | "graph";

export interface Answer {
  shape: Shape;
  columns: string[];
  rows: Row[];
  boolean: boolean | null;
  /** How long it took, in milliseconds, and how many bytes came. */
  milliseconds: number;
  bytes: number;
  /** How long the engine needed by its own clock, where the server says so. */
  engine: number | null;
}

export interface Problem {
  title: string;
  detail: string;
  status: number;
  line?: number;
  column?: number;
}

/** The server's reason why there is no answer. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

const ROWS = "application/sparql-results+json";
const TRIPLES = "application/n-triples";
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBER = /#(integer|decimal|double|float|int|long|short|byte|(non)?(Negative|Positive|negative|positive)Integer|unsigned\w+)$/;

/** Sends a query in the body, so that its length does not matter; throws Refused when it is not answered. */
export async function sent(text: string, accept: string, signal: AbortSignal, language: string): Promise<Response> {
  const answer = await fetch(`/sparql?lang=${language}`, {
    method: "POST",
    headers: { Accept: accept, "Content-Type": "application/x-www-form-urlencoded", "Accept-Language": language },
    body: new URLSearchParams({ query: text }).toString(),
    signal,
  });
  if (!answer.ok) throw new Refused(await problemOf(answer));
  return answer;
}

async function problemOf(answer: Response): Promise<Problem> {
  const said = (await answer.json().catch(() => ({}))) as Partial<Problem>;
  return { title: `${answer.status}`, detail: answer.statusText, ...said, status: answer.status };
}

/** Asks a query; aborting the signal makes the server stop. */
export async function ask(text: string, signal: AbortSignal, language: string): Promise<Answer> {
  const began = performance.now();
  const answer = await sent(text, `${ROWS}, ${TRIPLES};q=0.9`, signal, language);
  const body = await answer.text();
  const spent = performance.now() - began;
  const engine = /engine;dur=([\d.]+)/.exec(answer.headers.get("Server-Timing") ?? "")?.[1];
  const shape = answer.headers.get("Content-Type")?.startsWith(TRIPLES) ? "graph" : "rows";
  return { ...read(body, shape), milliseconds: Math.round(spent), bytes: new Blob([body]).size, engine: engine ? Number(engine) : null };
}

/** Reads an answer as the server writes it. */
export function read(body: string, shape: Shape): Answer {
  const told = { milliseconds: 0, bytes: body.length, engine: null, boolean: null };
  if (shape === "graph") return { ...told, shape, columns: ["subject", "predicate", "object"], rows: triples(body) };
  const said = JSON.parse(body) as { boolean?: boolean; head: { vars?: string[] }; results?: { bindings: Record<string, Cell>[] } };
  if (said.boolean !== undefined) return { ...told, shape: "boolean", columns: [], rows: [], boolean: said.boolean };
  const columns = said.head.vars ?? [];
  return { ...told, shape: "rows", columns, rows: (said.results?.bindings ?? []).map((one) => columns.map((name) => one[name] ?? null)) };
}

const TERM = /<([^<>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^<>]*)>)?/y;

function triples(text: string): Row[] {
  return text.split("\n").filter((line) => line && !line.startsWith("#")).map(triple);
}

function triple(line: string): Row {
  const row: Row = [];
  for (let at = 0; row.length < 3; at = TERM.lastIndex) {
    while (line[at] === " ") at += 1;
    TERM.lastIndex = at;
    const found = TERM.exec(line);
    // What this reads not, a triple about a triple for one, is shown as it stands.
    if (!found) return [...row, { type: "triple", value: line.slice(at).replace(/\s*\.\s*$/, "") }, null, null].slice(0, 3) as Row;
    row.push(term(found));
  }
  return row;
}

function term([, iri, blank, text, lang, datatype]: RegExpExecArray): Cell {
  if (iri !== undefined) return { type: "uri", value: unescaped(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  const cell: Cell = { type: "literal", value: unescaped(text ?? "") };
  if (lang) cell["xml:lang"] = lang;
  if (datatype && datatype !== `${XSD}string`) cell.datatype = datatype;
  return cell;
}

const ESCAPES: Record<string, string> = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs, (_, short?: string, long?: string, plain?: string) =>
    plain === undefined ? String.fromCodePoint(parseInt(short ?? long ?? "", 16)) : (ESCAPES[plain] ?? plain),
  );
}

export function isNumber(cell: Cell | null | undefined): boolean {
  return !!cell?.datatype && NUMBER.test(cell.datatype) && Number.isFinite(Number(cell.value));
}
