// Tells what became of each scenario as one line of JSON, for test_javascript.py.
export default async function* report(events) {
  for await (const { type, data } of events) {
    if ((type === "test:pass" || type === "test:fail") && data.nesting === 0) {
      const { error, duration_ms: milliseconds } = data.details;
      const why = error ? String(error.cause?.stack ?? error.cause ?? error.stack ?? error) : "";
      yield `${JSON.stringify({ name: data.name, passed: type === "test:pass", milliseconds, why })}\n`;
    }
  }
}
