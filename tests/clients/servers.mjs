// Where the servers are, which test_javascript.py started, and the facts that they hold.
export const instance = process.env.INSTANCE;
export const bare = process.env.BARE;
export const bearer = { Authorization: `Bearer ${process.env.TOKEN}` };
export const bareBearer = { Authorization: `Bearer ${process.env.BARE_TOKEN}` };

export const thing = "https://partner.example/thing/";
export const prefixes = `
  PREFIX : <${thing}>
  PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
  PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
`;

/** Labels and codes of the invented things, as facts.ttl says them. */
export const labels = [
  ["Example Hospital One", "en"],
  ["示例第一医院", "zh"],
  ["<script>alert(1)</script>", "zh"],
  ["\"quoted\" 'twice'\\ and a\ttab,\nnew line; & <b>", "en"],
  ["示例𠮷医院 – café 😀", "zh-hans"],
  ['=HYPERLINK("x")', ""],
];
export const codes = ["007", "0.50", "1e3", " padded ", ""];

/** The same things in one order, to be compared. */
export const sorted = (things) => things.map((one) => JSON.stringify(one)).sort();

/** Ask for a plain dataset that holds nothing. */
export async function emptied() {
  const answer = await fetch(`${bare}/update`, {
    method: "POST",
    headers: { ...bareBearer, "Content-Type": "application/sparql-update" },
    body: "DROP ALL",
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}
