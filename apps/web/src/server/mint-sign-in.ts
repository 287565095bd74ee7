import { request } from "node:http";
import { AppError } from "@vpclab/shared/errors/app-error";

/** Asks the running server of a data directory for a link: `/sign-in` signs in, `/link` leads to the first start's page as long as nobody has a password. */
export const mintSignIn = async (socketPath: string, path: "/sign-in" | "/link" = "/sign-in"): Promise<string> => ((await order(socketPath, path)) as { url: string }).url;

/** Lets the running server replace the key that signs jobs; answers the version of the new key set. */
export const rotateKey = async (socketPath: string): Promise<number> => ((await order(socketPath, "/rotate-key")) as { version: number }).version;

function order(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new AppError("INTERNAL", "The server could not do this; see its log."));
      });
    });
    asked.once("error", () => reject(new AppError("INTERNAL", "No vpclab server runs with this DATA_DIR. Start it with `npm run up`; it prints a link, too.")));
    asked.end();
  });
}
