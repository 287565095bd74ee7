import { request } from "node:http";
import { AppError } from "@vpclab/shared/errors/app-error";

/** Asks the running server of a data directory for a link: `/sign-in` signs in, `/link` leads to the first start's page as long as nobody has a password. */
export function mintSignIn(socketPath: string, path: "/sign-in" | "/link" = "/sign-in"): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("end", () => {
        if (response.statusCode === 200) resolve((JSON.parse(text) as { url: string }).url);
        else reject(new AppError("INTERNAL", "The server could not make a sign-in link; see its log."));
      });
    });
    asked.once("error", () => reject(new AppError("INTERNAL", "No vpclab server runs with this DATA_DIR. Start it with `npm run up`; it prints a link, too.")));
    asked.end();
  });
}
