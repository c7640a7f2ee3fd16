// SPARQL for the editor: what is a keyword, a name, a text. Enough to colour and to indent; what is wrong the server says.

import { StreamLanguage, type StringStream } from "@codemirror/language";

interface State {
  /** The quote that ends the text that is open over several lines; empty: none. */
  quote: string;
  /** How many brackets are open. */
  depth: number;
}

const WORDS = new Set(
  ("base prefix select construct describe ask where distinct reduced from named union optional minus graph service silent filter " +
    "bind as values undef group by having order asc desc limit offset load into to clear drop create add move copy insert data " +
    "delete with default all using not in exists separator str lang langmatches datatype bound iri uri bnode rand abs ceil floor " +
    "round concat strlen ucase lcase encode_for_uri contains strstarts strends strbefore strafter year month day hours minutes " +
    "seconds timezone tz now uuid struuid md5 sha1 sha256 sha384 sha512 coalesce if strlang strdt sameterm isiri isuri isblank " +
    "isliteral isnumeric substr replace regex count sum min max avg sample group_concat triple istriple subject predicate object").split(" "),
);

function inText(stream: StringStream, state: State): string {
  while (!stream.eol()) {
    if (stream.match(state.quote)) {
      state.quote = "";
      return "string";
    }
    if (stream.next() === "\\") stream.next();
  }
  if (state.quote.length === 1) state.quote = ""; // a short text ends with its line
  return "string";
}

function token(stream: StringStream, state: State): string | null {
  if (state.quote) return inText(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.match(/^#.*/)) return "comment";
  const quote = stream.match(/^("""|'''|"|')/) as RegExpMatchArray | null;
  if (quote) {
    state.quote = quote[0] ?? "";
    return inText(stream, state);
  }
  if (stream.match(/^<[^<>"{}|^`\\\s]*>/)) return "url";
  if (stream.match(/^[?$][\p{L}\p{N}_]+/u)) return "variableName";
  if (stream.match(/^_:[\p{L}\p{N}_.-]*/u)) return "labelName";
  if (stream.match(/^(?:\p{L}(?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?)?:(?:[\p{L}\p{N}_:%\\-]|\.(?=[\p{L}\p{N}_:-]))*/u)) return "propertyName";
  if (stream.match(/^@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*/)) return "annotation";
  if (stream.match(/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/)) return "number";
  const found = stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u) as RegExpMatchArray | null;
  if (found) return kindOf((found[0] ?? "").toLowerCase());
  const sign = stream.next() ?? "";
  if ("({[".includes(sign)) state.depth += 1;
  if (")}]".includes(sign)) state.depth = Math.max(0, state.depth - 1);
  return "(){}[]".includes(sign) ? "bracket" : null;
}

function kindOf(text: string): string | null {
  if (text === "true" || text === "false") return "bool";
  return text === "a" || WORDS.has(text) ? "keyword" : null;
}

export const sparql = StreamLanguage.define<State>({
  name: "sparql",
  startState: () => ({ quote: "", depth: 0 }),
  token,
  indent: (state, after, context) => Math.max(0, state.depth - (/^\s*[)}\]]/.test(after) ? 1 : 0)) * context.unit,
  languageData: {
    commentTokens: { line: "#" },
    closeBrackets: { brackets: ["(", "[", "{", "'", '"'] },
    indentOnInput: /^\s*[)}\]]$/,
  },
});
