import { AppError } from "@vpclab/shared/errors/app-error";
import { readOwnFile } from "../state/durable-file";
import type { JoinToken } from "./join-token";
import { parseJoinToken } from "./join-token";

const TOKEN_CHARS_MAX = 1024;

/** From a file that only its owner may read, or from standard input; never from arguments or environment, which others can see. */
export async function readToken(file: string | null, stdin: AsyncIterable<Buffer | string>): Promise<JoinToken> {
  const text = file === null ? await readAll(stdin) : await readOwnFile(file);
  if (text === null) throw new AppError("NOT_FOUND", `There is no file ${file ?? ""}.`);
  const token = parseJoinToken(text);
  if (!token.ok) throw new AppError("SCHEMA", `Join token: ${token.error}.`);
  return token.value;
}

async function readAll(stdin: AsyncIterable<Buffer | string>): Promise<string> {
  let text = "";
  for await (const chunk of stdin) {
    text += chunk.toString();
    if (text.length > TOKEN_CHARS_MAX) throw new AppError("TOO_LARGE", "Join token: this is much longer than a token.");
  }
  return text;
}
