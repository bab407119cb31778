import { follow, Merchant } from "../../scripts/stack/merchant.ts";
import { type Stack, startStack } from "../../scripts/stack/stack.ts";

/** A stack whose generated shop of 700 customers is imported and scored. @param name of its database and logs */
export async function scoredStack(name: string): Promise<Stack> {
  const stack = await startStack({
    shop: "generated",
    customers: 700,
    database: `encore_test_${name}`,
    directory: `.data/logs/test-${name}`,
    simulatorFlags: ["--seed", "3"],
  });
  stack.startWorker();
  const merchant = new Merchant(stack);
  await merchant.open();
  await follow(merchant, "score", () => undefined);
  return stack;
}
