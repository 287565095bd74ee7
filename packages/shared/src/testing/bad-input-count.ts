/** As much of a test runner's task as is needed to count. */
interface Task {
  readonly type: string;
  readonly tasks?: readonly Task[];
  readonly result?: { readonly state?: string } | undefined;
}

const testsOf = (task: Task): readonly Task[] => (task.tasks ? task.tasks.flatMap(testsOf) : task.type === "test" ? [task] : []);

/**
 * What a test file's bad inputs came to, for printing after its last test: `bad inputs F, G: 131 cases, 0 unexpected`. A case is a
 * test, such as a row of a table; `inLoops` are inputs that tests tried besides.
 */
export function badInputCount(groups: string, file: Task, inLoops = 0): string {
  const tests = testsOf(file).filter(({ result }) => result?.state === "pass" || result?.state === "fail");
  const unexpected = tests.filter(({ result }) => result?.state === "fail").length;
  return `bad inputs ${groups}: ${tests.length + inLoops} cases, ${unexpected} unexpected`;
}
