// sparql-http-client: its three clients, queries in each way of sending, updates, and graphs by the graph store.
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import rdf from "@rdfjs/data-model";
import ParsingClient from "sparql-http-client/ParsingClient.js";
import SimpleClient from "sparql-http-client/SimpleClient.js";
import StreamClient from "sparql-http-client/StreamClient.js";
import { bare, bareBearer, codes, emptied, instance, labels, prefixes, sorted, thing } from "./servers.mjs";

const operations = ["get", "postUrlencoded", "postDirect"];
const rows = `${prefixes} SELECT ?label { ?thing a :Thing ; rdfs:label ?label }`;
const graph = `${prefixes} CONSTRUCT { ?thing skos:notation ?code } { ?thing a :Thing ; skos:notation ?code }`;
const reading = { endpointUrl: `${instance}/sparql` };
const writing = {
  endpointUrl: `${bare}/sparql`,
  updateUrl: `${bare}/update`,
  storeUrl: `${bare}/graph-store`,
  headers: bareBearer,
};

async function all(stream) {
  const found = [];
  for await (const one of stream) found.push(one);
  return found;
}

const seen = (found) => sorted(found.map(({ label }) => [label.value, label.language.toLowerCase()]));

test("rows come whole and as a stream", async () => {
  for (const operation of operations) {
    assert.deepEqual(seen(await new ParsingClient(reading).query.select(rows, { operation })), sorted(labels));
    assert.deepEqual(seen(await all(new StreamClient(reading).query.select(rows, { operation }))), sorted(labels));
  }
});

test("a yes or no is one", async () => {
  for (const operation of operations) {
    const { query } = new ParsingClient(reading);
    assert.equal(await query.ask(`${prefixes} ASK { :1 a :Thing }`, { operation }), true);
    assert.equal(await query.ask(`${prefixes} ASK { :1 a :Other }`, { operation }), false);
  }
});

test("a graph and a description come as quads", async () => {
  for (const operation of operations) {
    const made = await all(new StreamClient(reading).query.construct(graph, { operation }));
    assert.deepEqual(sorted(made.map(({ object }) => object.value)), sorted(codes));
  }
  const told = await all(new StreamClient(reading).query.construct(`${prefixes} DESCRIBE :1`));
  assert.ok(told.some(({ object }) => object.value === "007"));
});

test("the answer itself is at hand", async () => {
  const client = new SimpleClient(reading);
  const answer = await client.query.select(rows, { headers: { accept: "text/csv" } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^text\/csv/);
  assert.match(await answer.text(), /^label\r\n/);
});

test("an error is told with its status", async () => {
  const { query } = new ParsingClient(reading);
  await assert.rejects(query.select("SELECT *\n{ ?s ?p }"), ({ status, message }) => status === 400 && /line/.test(message));
});

test("an update is written in both ways of sending", async () => {
  await emptied();
  const { query } = new ParsingClient(writing);
  await query.update(`${prefixes} INSERT DATA { :1 skos:notation "007" }`);
  await query.update(`${prefixes} INSERT DATA { :1 skos:notation "008" }`, {
    operation: "postDirect",
    headers: { "content-type": "application/sparql-update" },
  });
  const found = await query.select("SELECT ?o { ?s ?p ?o }");
  assert.deepEqual(sorted(found.map(({ o }) => o.value)), sorted(["007", "008"]));
});

test("graphs are put, added to and read by the graph store", async () => {
  await emptied();
  const { store } = new StreamClient(writing);
  const named = rdf.namedNode(`${thing}graph`);
  const quad = (text, at) => rdf.quad(rdf.namedNode(`${thing}1`), rdf.namedNode(`${thing}p`), rdf.literal(text), at);
  const texts = async (at) => sorted((await all(store.get(at))).map(({ object }) => object.value));
  for (const at of [named, rdf.defaultGraph()]) {
    await store.put(Readable.from([quad("first", at)]), { graph: at });
    await store.put(Readable.from([quad("007", at), quad("示例 <b>\n\"", at)]), { graph: at });
    await store.post(Readable.from([quad("more", at)]), { graph: at });
    assert.deepEqual(await texts(at), sorted(["007", "示例 <b>\n\"", "more"]));
  }
  const there = await all(store.get(named));
  assert.ok(there.every(({ graph: at }) => at.equals(named)));
});

test("a graph that is not there is told as such", async () => {
  const { store } = new StreamClient(writing);
  await assert.rejects(all(store.get(rdf.namedNode(`${thing}no-such-graph`))), ({ status }) => status === 404);
});
