/** Calls `take` for each line of a stream, the last unfinished one included. */
export function lines(stream, take) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    const parts = (rest + chunk).split(/\r?\n/);
    rest = parts.pop();
    parts.forEach(take);
  });
  stream.on("end", () => {
    if (rest !== "") take(rest);
  });
}
