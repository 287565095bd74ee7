import { main, UserError } from "./lib/progress.mjs";
import { isAlive } from "./lib/process-identity.mjs";
import { readRunRecord } from "./lib/run-record.mjs";
import { newSignInLink } from "./lib/sign-in.mjs";

await main(async () => {
  const record = readRunRecord();
  if (record === null || !record.server || !isAlive(record.server)) throw new UserError("vpclab does not run here. Start it with: npm run up");
  console.log(await newSignInLink());
});
