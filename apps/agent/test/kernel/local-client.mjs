// A program as vpcctl is one: opens the local agent of a bundle, asks it one thing, and prints the answer as JSON.
const [bundle, stateDir, method, params, waitMs] = process.argv.slice(2);
const { openLocalAgent } = await import(`${bundle}/local.mjs`);
try {
  const agent = await openLocalAgent({ stateDir, mode: null, uplink: null, policy: null, waitMs: Number(waitMs) });
  const progress = [];
  const result = await agent.ask(method, JSON.parse(params), (objects) => progress.push(objects));
  await agent.close();
  process.stdout.write(JSON.stringify({ result, progress }));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: { code: error.code ?? String(error.stack), message: error.message } }));
}
