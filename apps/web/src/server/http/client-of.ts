import type { IncomingMessage } from "node:http";
import type { Client } from "../services/people";
import { peerAddress } from "./peer-address";

/** The address of the connection: what a header says of it could be said by anybody. */
export const clientOf = (request: Pick<IncomingMessage, "headers" | "socket">, deviceToken: string | null = null): Client => ({
  ip: peerAddress(request), device: request.headers["user-agent"] ?? "", deviceToken,
});
