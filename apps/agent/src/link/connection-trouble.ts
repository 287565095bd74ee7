const NOT_TRUSTED = "the server's certificate is by nobody whom this machine trusts; get one from an authority that it knows, or name the file of another authority in NODE_EXTRA_CA_CERTS";

/** By Node's and OpenSSL's codes: what a person can do something about. */
const WORDS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "the server's certificate has expired; renew it there",
  CERT_NOT_YET_VALID: "the server's certificate is not valid yet; compare the clocks of both machines",
  CERT_REVOKED: "the server's certificate was revoked; renew it there",
  ERR_TLS_CERT_ALTNAME_INVALID: "the server's certificate is for another name; use an address that it is for",
  DEPTH_ZERO_SELF_SIGNED_CERT: NOT_TRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  CERT_UNTRUSTED: NOT_TRUSTED,
  CERT_SIGNATURE_FAILURE: NOT_TRUSTED,
  EPROTO: "the server does not speak TLS there, as https and wss need it",
};

/** Why a connection to the server failed, in one line. There is no other way to fall back to, whatever it is. */
export function connectionTrouble({ code, message }: NodeJS.ErrnoException): string {
  const words = WORDS[code ?? ""];
  return words === undefined ? message || code || "connection failed" : `${words} (${code})`;
}
