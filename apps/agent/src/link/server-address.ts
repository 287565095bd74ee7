import { AppError } from "@vpclab/shared/errors/app-error";

/** Where the server is, for its two doors: the socket of jobs and the requests of an enrolment. */
export interface ServerAddress {
  /** For `ws`: `ws://host/agent`, `wss://host/agent` or `ws+unix:/path.sock:/agent`. */
  readonly socketUrl: string;
  /** Base of the HTTP requests; the host part means nothing when `socketPath` is set. */
  readonly httpBase: string;
  readonly socketPath: string | null;
}

const WEB_SOCKET_PATH = "/agent";

/** `http(s)://host[:port]`, `ws(s)://host[:port]`, or `ws+unix:///run/server.sock`; a trailing `/agent` may be there. */
export function parseServerAddress(text: string): ServerAddress {
  const unix = /^(?:ws\+)?unix:(?:\/\/)?(\/[^:]+)(?::\/agent)?$/.exec(text);
  if (unix?.[1]) return { socketUrl: `ws+unix:${unix[1]}:${WEB_SOCKET_PATH}`, httpBase: "http://localhost", socketPath: unix[1] };
  const url = URL.canParse(text) ? new URL(text) : null;
  const secure = url?.protocol === "https:" || url?.protocol === "wss:";
  const known = secure || url?.protocol === "http:" || url?.protocol === "ws:";
  if (!url || !known || !["/", WEB_SOCKET_PATH].includes(url.pathname) || url.search || url.hash || url.username || url.password) {
    throw new AppError("SCHEMA", `“${text}” is no server address: use https://host, http://host:port or ws+unix:///path/to/server.sock`);
  }
  return {
    socketUrl: `${secure ? "wss" : "ws"}://${url.host}${WEB_SOCKET_PATH}`,
    httpBase: `${secure ? "https" : "http"}://${url.host}`,
    socketPath: null,
  };
}
