// Comunica: finds out by itself that it meets a SPARQL service, asks it, and joins it with others.
import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryEngine } from "@comunica/query-sparql";
import dataFactory from "@rdfjs/data-model";
import { bare, bareBearer, codes, emptied, instance, labels, prefixes, sorted, thing } from "./servers.mjs";

const engine = new QueryEngine();
// Its own factory of terms (4.5.0) drops the languages that services send.
const found = { dataFactory, sources: [`${instance}/sparql`] };
const told = { dataFactory, sources: [{ type: "sparql", value: `${instance}/sparql` }] };
const asked = `${prefixes} SELECT ?label { ?thing a :Thing ; rdfs:label ?label }`;

const rows = async (text, context) => (await engine.queryBindings(text, context)).toArray();
const quads = async (text, context) => (await engine.queryQuads(text, context)).toArray();
const seen = (all, name) => sorted(all.map((row) => [row.get(name).value, row.get(name).language.toLowerCase()]));

/** Ask as Comunica does, and keep what was asked. */
function heard() {
  const requests = [];
  const keeping = async (address, options = {}) => {
    requests.push({ address: String(address), method: options.method ?? "GET" });
    return fetch(address, options);
  };
  return { requests, fetch: keeping };
}

test("the service is recognised by its description", async () => {
  const { requests, fetch } = heard();
  assert.deepEqual(seen(await rows(asked, { ...found, fetch }), "label"), sorted(labels));
  assert.equal(requests[0].address, `${instance}/sparql`);
  assert.ok(requests.length <= 4, JSON.stringify(requests)); // the whole query goes to the server, not its patterns
});

test("the same rows come without looking first", async () => {
  assert.deepEqual(seen(await rows(asked, told), "label"), sorted(labels));
});

test("a yes or no, a graph and a description", async () => {
  for (const context of [found, told]) {
    assert.equal(await engine.queryBoolean(`${prefixes} ASK { :1 a :Thing }`, context), true);
    assert.equal(await engine.queryBoolean(`${prefixes} ASK { :1 a :Other }`, context), false);
    const made = await quads(`${prefixes} CONSTRUCT { ?s skos:notation ?o } { ?s a :Thing ; skos:notation ?o }`, context);
    assert.deepEqual(sorted(made.map(({ object }) => object.value)), sorted(codes));
    const described = await quads(`${prefixes} DESCRIBE :1`, context);
    assert.ok(described.some(({ object }) => object.value === "007"));
  }
});

test("paths, aggregates, optional parts and filters are left to the service", async () => {
  const path = await rows(`${prefixes} SELECT ?end { :1 :next+ ?end }`, found);
  assert.equal(path.length, 4);
  const [count] = await rows(`${prefixes} SELECT (COUNT(*) AS ?n) { ?s a :Thing }`, found);
  assert.equal(count.get("n").value, "5");
  const optional = await rows(`${prefixes} SELECT ?s ?next { ?s a :Thing OPTIONAL { ?s :next ?next } }`, found);
  assert.equal(optional.filter((row) => !row.has("next")).length, 1);
  const filtered = await rows(`${prefixes} SELECT ?s { ?s rdfs:label ?l FILTER(CONTAINS(?l, "<script>")) }`, found);
  assert.deepEqual(filtered.map((row) => row.get("s").value), [`${thing}2`]);
});

test("named graphs are found and asked", async () => {
  const graphs = await rows(`${prefixes} SELECT DISTINCT ?g { GRAPH ?g { :1 a :Thing } }`, found);
  assert.equal(graphs.length, 1);
  const inside = await rows(`${prefixes} SELECT ?o { GRAPH <${graphs[0].get("g").value}> { :1 skos:notation ?o } }`, found);
  assert.deepEqual(inside.map((row) => row.get("o").value), ["007"]);
});

test("two services are joined", async () => {
  await emptied();
  const answer = await fetch(`${bare}/update`, {
    method: "POST",
    headers: { ...bareBearer, "Content-Type": "application/sparql-update" },
    body: `${prefixes} INSERT DATA { :1 :rank 1 . :2 :rank 2 . :nowhere :rank 3 }`,
  });
  assert.ok(answer.ok);
  const both = { sources: [`${instance}/sparql`, `${bare}/sparql`] };
  const joined = await rows(`${prefixes} SELECT ?rank ?code { ?s :rank ?rank ; skos:notation ?code }`, both);
  const got = joined.map((row) => [row.get("rank").value, row.get("code").value]);
  assert.deepEqual(sorted(got), sorted([["1", "007"], ["2", "0.50"]]));
});

test("a thing's address is a source of its own", async () => {
  const context = { sources: [`${instance}/id/org/fhjlu`] };
  const names = await rows("SELECT ?name { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }", context);
  assert.ok(names.some((row) => row.get("name").value === "吉林大学第一医院"));
});

test("an error of the service is an error here", async () => {
  const unknown = "SELECT * { ?s ?p ?o FILTER(<https://partner.example/no-such-function>(?o)) }";
  await assert.rejects(rows(unknown, told), /HTTP status 4\d\d/);
});

test("an update is written and read back", async () => {
  await emptied();
  const fetchWithToken = (address, options = {}) => {
    const headers = new Headers(options.headers);
    headers.set("Authorization", bareBearer.Authorization);
    return fetch(address, { ...options, headers });
  };
  const destination = { type: "sparql", value: `${bare}/update` };
  const context = { sources: [], destination, fetch: fetchWithToken };
  await engine.queryVoid(`${prefixes} INSERT DATA { :1 skos:notation "007" }`, context);
  await engine.invalidateHttpCache();
  const written = await rows("SELECT ?o { ?s ?p ?o }", { sources: [{ type: "sparql", value: `${bare}/sparql` }] });
  assert.deepEqual(written.map((row) => row.get("o").value), ["007"]);
});
