// fetch-sparql-endpoint: answers as streams, by GET and by both kinds of POST, updates, and errors.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SparqlEndpointFetcher } from "fetch-sparql-endpoint";
import { bare, bareBearer, codes, emptied, instance, labels, prefixes, sorted, thing } from "./servers.mjs";

const ways = {
  get: { method: "GET" },
  form: { method: "POST" },
  direct: { method: "POST", directPost: true },
};
const asked = `${prefixes} SELECT ?label { ?thing a :Thing ; rdfs:label ?label }`;

async function all(stream) {
  const found = [];
  for await (const one of stream) found.push(one);
  return found;
}

test("rows come as terms in each way of sending", async () => {
  for (const [name, options] of Object.entries(ways)) {
    const fetcher = new SparqlEndpointFetcher(options);
    const rows = await all(await fetcher.fetchBindings(`${instance}/sparql`, asked));
    const got = rows.map(({ label }) => [label.value, label.language.toLowerCase()]);
    assert.deepEqual(sorted(got), sorted(labels), name);
  }
});

test("a yes or no is one", async () => {
  for (const options of Object.values(ways)) {
    const fetcher = new SparqlEndpointFetcher(options);
    assert.equal(await fetcher.fetchAsk(`${instance}/sparql`, `${prefixes} ASK { :1 a :Thing }`), true);
    assert.equal(await fetcher.fetchAsk(`${instance}/sparql`, `${prefixes} ASK { :1 a :Other }`), false);
  }
});

test("a graph comes as triples", async () => {
  const text = `${prefixes} CONSTRUCT { ?thing skos:notation ?code } { ?thing a :Thing ; skos:notation ?code }`;
  for (const options of Object.values(ways)) {
    const stream = await new SparqlEndpointFetcher(options).fetchTriples(`${instance}/sparql`, text);
    const triples = await all(stream);
    assert.deepEqual(sorted(triples.map(({ object }) => object.value)), sorted(codes));
    assert.ok(triples.every(({ object }) => object.datatype.value.endsWith("#string")));
  }
});

test("parameters of one's own are taken along", async () => {
  const additionalUrlParams = new URLSearchParams({ "default-graph-uri": `${thing}no-such-graph`, mine: "1" });
  for (const options of Object.values(ways)) {
    const fetcher = new SparqlEndpointFetcher({ ...options, additionalUrlParams });
    assert.deepEqual(await all(await fetcher.fetchBindings(`${instance}/sparql`, asked)), []);
  }
});

test("an error is told with its status and where it is", async () => {
  const fetcher = new SparqlEndpointFetcher();
  await assert.rejects(
    fetcher.fetchBindings(`${instance}/sparql`, "SELECT *\n{ ?s ?p }"),
    ({ message }) => message.includes("HTTP status 400") && /"line": ?2/.test(message),
  );
});

test("an update is written and read back", async () => {
  await emptied();
  const fetcher = new SparqlEndpointFetcher({ defaultHeaders: new Headers(bareBearer) });
  await fetcher.fetchUpdate(`${bare}/update`, `${prefixes} INSERT DATA { :1 skos:notation "007", "示例 <b>"@zh }`);
  const rows = await all(await fetcher.fetchBindings(`${bare}/sparql`, "SELECT ?o { ?s ?p ?o }"));
  assert.deepEqual(sorted(rows.map(({ o }) => [o.value, o.language])), sorted([["007", ""], ["示例 <b>", "zh"]]));
});

test("an update without a token is refused by a real instance", async () => {
  const fetcher = new SparqlEndpointFetcher();
  await assert.rejects(fetcher.fetchUpdate(`${instance}/update`, "INSERT DATA { <x:x> <x:x> 1 }"), /HTTP status 401/);
});
