/**
 * Evidence from which something is firm, among all that is compared at once. By Ville's inequality alone it would
 * ever be exceeded without a reason in one history of nine; bets that are spread out lose so much that in a year
 * of daily looks it happens in about one of thirty, at the margin itself (`npm run bench -- trust`).
 */
export const firmEvidence = 9;
