// The view as the server gives it: what is drawn, and where.

export interface Thing {
  key: string;
  iri: string | null;
  label: string;
  kind: string;
  x: number;
  y: number;
  degree: number;
  shown: number;
  expanded: boolean;
  pinned: boolean;
  centre: boolean;
  on_path: boolean;
  illustrative: boolean;
  /** The units of a group; null for a single thing. */
  count: number | null;
}

export interface Line {
  key: string;
  from: string;
  to: string;
  kind: string;
  label: string;
  period: string;
  held: "yes" | "unknown" | "no";
  illustrative: boolean;
  unsure: boolean;
  on_path: boolean;
}

/** A kind of things or of lines: how the legend calls it and how it looks. */
export interface Kind {
  name: string;
  label: string;
  colour: string;
  count: number;
  shape?: string;
}

export interface View {
  version: number;
  address: string;
  layout: string;
  selected: string | null;
  nodes: Thing[];
  edges: Line[];
  kinds: Kind[];
  relations: Kind[];
}
