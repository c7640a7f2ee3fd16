// The editor of queries. It lives in a shadow root: there CodeMirror brings its styles as constructed sheets, which our
// policy allows, and not as <style> elements, which it does not.

import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Range, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { completions, known } from "./_query_schema";
import { sparql } from "./_query_language";
import { word } from "./_query_words";

interface Place {
  line: number;
  column: number;
}

const placed = StateEffect.define<Place | null>();

/** Where an error is, until the text changes. */
const trouble = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(placed)) return marksAt(transaction.state, effect.value);
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function marksAt(state: EditorState, place: Place | null): DecorationSet {
  if (!place || place.line < 1 || place.line > state.doc.lines) return Decoration.none;
  const line = state.doc.line(place.line);
  const from = Math.min(line.from + Math.max(place.column, 1) - 1, line.to);
  const to = Math.min(line.to, from + (/^[\p{L}\p{N}_:?$-]+/u.exec(line.text.slice(from - line.from))?.[0].length ?? 1));
  const marks: Range<Decoration>[] = [Decoration.line({ class: "trouble-line" }).range(line.from)];
  if (to > from) marks.push(Decoration.mark({ class: "trouble-here" }).range(from, to));
  return Decoration.set(marks);
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-word)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--code-variable)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.annotation], color: "var(--code-number)" },
  { tag: [tags.propertyName, tags.labelName], color: "var(--code-name)" },
  { tag: tags.url, color: "var(--code-address)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);

const looks = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--sheet)", fontSize: "14.5px", borderRadius: "8px" },
  "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": {
    fontFamily: 'ui-monospace, "Cascadia Mono", Consolas, "Noto Sans Mono CJK SC", monospace',
    lineHeight: "1.55",
    maxHeight: "min(62vh, 640px)",
  },
  ".cm-content, .cm-gutter": { minHeight: "180px" },
  ".cm-content": { caretColor: "var(--ink)", paddingBlock: "10px" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--soft)", borderRight: "1px solid var(--rule)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--tint) 55%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--tint)", outline: "1px solid var(--accent)" },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--warn-tint)", outline: "1px solid var(--warn-rule)" },
  ".cm-selectionMatch": { backgroundColor: "var(--warn-tint)" },
  ".trouble-line": { backgroundColor: "var(--warn-tint)" },
  ".trouble-here": { textDecoration: "underline wavy var(--trouble) 2px", textUnderlineOffset: "4px" },
  ".cm-tooltip": {
    backgroundColor: "var(--sheet)",
    color: "var(--ink)",
    border: "1px solid var(--line)",
    borderRadius: "8px",
    boxShadow: "0 8px 28px rgb(0 0 0 / .18)",
    maxWidth: "min(560px, 92vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "300px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "4px 10px", lineHeight: "1.5" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--tint)", color: "var(--ink)", outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-completionDetail": { color: "var(--soft)", fontStyle: "normal", marginLeft: "12px" },
  ".cm-completionIcon": { color: "var(--soft)", width: "1.4em", opacity: "1" },
  ".cm-completionInfo": { padding: "6px 12px", whiteSpace: "normal", width: "320px" },
  ".cm-completionInfo p": { margin: "4px 0", overflowWrap: "anywhere" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)", borderColor: "var(--rule)" },
  ".cm-panel.cm-search": { padding: "6px 10px", fontFamily: "inherit" },
  ".cm-panel.cm-search input, .cm-panel.cm-search button": { fontSize: "13px" },
  ".cm-textfield": { backgroundColor: "var(--sheet)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "6px" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--sheet)", color: "var(--accent)", border: "1px solid var(--line)", borderRadius: "6px" },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink)", fontSize: "18px" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-tint)" },
});

/** Sentences of the editor's own panels, which the page has in the reader's language. */
function phrases(): Record<string, string> {
  const own = ["Find", "Replace", "next", "previous", "all", "match case", "regexp", "by word", "replace", "replace all", "close"];
  return Object.fromEntries([...own, "Completions"].map((text) => [text, word(`cm ${text}`) || text]));
}

/** Types over what is selected. A browser left to do so styles the new text in line, which our policy forbids. */
function typedOver(event: InputEvent, view: EditorView): boolean {
  const { main } = view.state.selection;
  const text = event.data;
  if (event.inputType !== "insertText" || !text || main.empty || view.composing || event.isComposing) return false;
  event.preventDefault();
  const typed = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handle) => handle(view, main.from, main.to, text, typed))) view.dispatch(typed());
  return true;
}

export interface Deeds {
  run: () => void;
  cancel: () => boolean;
  changed: () => void;
}

export class Editor {
  readonly #view: EditorView;

  /** Puts the editor in the place of a text area, which keeps its name and its label. */
  constructor(field: HTMLTextAreaElement, deeds: Deeds) {
    const host = document.createElement("div");
    host.className = "editor";
    host.id = "editor";
    field.before(host);
    field.hidden = true;
    const root = host.attachShadow({ mode: "open" });
    this.#view = new EditorView({ root, parent: root, state: this.#state(field.value, deeds) });
    document.querySelector(`label[for="${field.id}"]`)?.addEventListener("click", () => this.focus());
    this.#view.contentDOM.addEventListener("focus", () => void known(), { once: true });
  }

  #state(doc: string, deeds: Deeds): EditorState {
    return EditorState.create({
      doc,
      extensions: [
        keymap.of([
          { key: "Mod-Enter", run: () => (deeds.run(), true), preventDefault: true },
          { key: "Tab", run: acceptCompletion },
        ]),
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightActiveLine(),
        history(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        sparql,
        syntaxHighlighting(colours),
        highlightSelectionMatches(),
        search({ top: true }),
        autocompletion({ override: [completions], icons: true, maxRenderedOptions: 60 }),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap]),
        // Escape first closes lists and panels; Tab is left to the browser, so that nobody is caught in the editor.
        keymap.of([{ key: "Escape", run: () => deeds.cancel() }, ...defaultKeymap]),
        EditorState.tabSize.of(2),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": word("editor"), lang: "en", spellcheck: "false", tabindex: "0" }),
        EditorView.domEventHandlers({ beforeinput: typedOver }),
        EditorState.phrases.of(phrases()),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) deeds.changed();
        }),
        trouble,
        looks,
      ],
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  set text(text: string) {
    if (text === this.text) return;
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text }, selection: { anchor: 0 } });
  }

  focus(): void {
    this.#view.focus();
  }

  /** Marks the place of an error and brings it into sight; none takes the mark away. */
  mark(place: Place | null): void {
    this.#view.dispatch({ effects: placed.of(place) });
    if (!place || place.line < 1 || place.line > this.#view.state.doc.lines) return;
    const line = this.#view.state.doc.line(place.line);
    const anchor = Math.min(line.from + Math.max(place.column, 1) - 1, line.to);
    this.#view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "nearest" }) });
  }
}
