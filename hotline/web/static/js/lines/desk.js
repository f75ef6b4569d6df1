// The desk line: the operator's own telephone rings and speaks; the page only shows.

export const open = async () => {};
export const follow = () => {};
export const close = () => {};
