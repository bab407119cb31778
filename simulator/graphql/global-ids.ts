const globalId = /^gid:\/\/[\w-]+\/\w+\/\S+$/;

export function isGlobalId(text: string): boolean {
  return globalId.test(text);
}
