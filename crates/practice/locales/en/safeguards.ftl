# Safeguard decisions, the proposed rule, the ten tips, evaluations
safeguards-title = Safeguard decisions
safeguards-under = The Security Rule names 22 safeguards you may decide on: do it, do something equal, or say why not.
safeguards-decided = { $n } of { $of } decided
safeguard-gap = No decision yet
safeguard-old = Decided over a year ago
safeguard-decision = Your decision
safeguard-decision-done = It is done
safeguard-decision-equivalent = An equivalent is done
safeguard-decision-not-reasonable = Not reasonable here
safeguard-how = How it is done, or what is done instead
safeguard-how-hint = What, who, how often. At least 10 letters.
safeguard-reason = Why not as it stands
safeguard-reason-hint = Needed for an equivalent, and when it is not reasonable.
safeguard-sign = Decide and sign
safeguard-does = What Alcove does
safeguard-past = Decisions so far
safeguard-clash = Somebody decided this a moment ago; theirs stands on the right. Yours is still here: send it again to add it.
safeguard-fault-decision = Choose one of the three.
safeguard-fault-how = Say how, with at least 10 letters.
safeguard-fault-reason = Give the reason, with at least 10 letters.
safeguard-fault-long = Keep it under 4,000 letters.
proposed-title = Proposed rule
proposed-under = What a change of the Security Rule would ask (90 FR 898). It is proposed and not in force.
proposed-label = Proposed, not in force
proposed-unseen = Alcove cannot see this by itself.
tips-title = Ten tips
tips-under = Ten tips of the federal health technology office for small practices, each as your answers show it.
tip-from = From { $n } of { $of } answers
tip-yes = Followed
tip-partly = Partly followed
tip-no = Not followed
tip-unknown = Not known yet
risk-todo-safeguards = { $n ->
    [one] 1 safeguard decision is a year old: decide again
   *[other] { $n } safeguard decisions are a year old: decide again
  }
