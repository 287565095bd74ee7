import type { IncomingMessage } from "node:http";
import { AppError } from "@vpclab/shared/errors/app-error";

/** The whole body, or TOO_LARGE as soon as it is known to be larger. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const tooLarge = () => new AppError("TOO_LARGE", `The request is larger than ${bytesMax} bytes.`);
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // A refusal is still to be answered: Node drops the rest of the body once that is done.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
