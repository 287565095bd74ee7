import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { AppError } from "@vpclab/shared/errors/app-error";
import { decodeStrictJson } from "@vpclab/shared/wire/strict-json";
import { connectionTrouble } from "../link/connection-trouble";
import type { ServerAddress } from "../link/server-address";

const TIMEOUT_MS = 15_000;
const ANSWER_BYTES_MAX = 64 * 1024;

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** One request with a JSON answer, over TCP, TLS or a unix socket. Redirects are not followed. Throws AppError. */
export async function requestJson(address: ServerAddress, method: "GET" | "POST", path: string, body?: unknown): Promise<Answer> {
  const url = new URL(path, address.httpBase);
  const request = url.protocol === "https:" ? httpsRequest : httpRequest;
  const text = body === undefined ? null : JSON.stringify(body);
  const answer = await new Promise<{ status: number; bytes: Buffer }>((resolve, reject) => {
    const sent = request(url, {
      method,
      timeout: TIMEOUT_MS,
      ...(address.socketPath === null ? {} : { socketPath: address.socketPath }),
      headers: text === null ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) },
    }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > ANSWER_BYTES_MAX) return void sent.destroy(new Error("the answer is too long"));
        chunks.push(chunk);
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) }));
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    sent.on("error", reject);
    sent.end(text ?? undefined);
  }).catch((error: unknown) => {
    throw new AppError("HOST_OFFLINE", `The server at ${address.socketPath ?? url.origin} cannot be reached: ${connectionTrouble(error as Error)}`, { cause: error });
  });
  const decoded = decodeStrictJson(answer.bytes, { bytesMax: ANSWER_BYTES_MAX, depthMax: 8, valuesMax: 1000, stringBytesMax: 8192, integersOnly: false });
  if (!decoded.ok) throw new AppError("PROTOCOL", `The server's answer (${answer.status}) is not what a vpclab server says: ${decoded.error.message}`);
  return { status: answer.status, body: decoded.value };
}
