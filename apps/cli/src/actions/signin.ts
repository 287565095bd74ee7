import { UsageError } from "../usage-error";
import type { Action } from "../command-spec";
import { configDir } from "../env";
import { signInByLink } from "../server/sign-in";

/** A link is about a hundred characters. */
const LINK_CHARS_MAX = 4096;

/** The link is a secret until it is used: it is neither printed nor kept. */
export const signin: Action = async ({ env, out }, given) => {
  const link = given.arg(0);
  const origin = await signInByLink(configDir(env), link === null || link === "-" ? await firstLineOfInput() : link);
  out.value({ server: origin });
  out.done(`Signed in at ${origin}. vpcctl works there from now on; with --local on this machine.`);
};

async function firstLineOfInput(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("Sign-in link (npm run signin prints one): ");
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += chunk as string;
    if (text.includes("\n") || text.length > LINK_CHARS_MAX) break;
  }
  const line = text.split("\n")[0]?.trim() ?? "";
  if (line === "" || line.length > LINK_CHARS_MAX) throw new UsageError("no sign-in link was given");
  return line;
}
