# Patients from a file
import-go = Add from a file
import-title = Add patients from a file
import-under = You see everything before anybody is added.
import-file = File
import-file-hint = A CSV file from a spreadsheet or another program. At most 5,000 rows and 2 MB.
import-read = Look at the file
import-how = What the file needs
import-how-needs = The first row names the columns. Each row has a name, a birth date, and an email address or a phone number.
import-how-more = It may also have language, what helps in a visit, and a check phrase. Other columns are not read.
import-how-dates = Birth dates with four numbers for the year, like 3/9/1961 or 1961-03-09.
import-how-kept = The file is kept encrypted until you are done with it, one day at most.
import-file-empty = This file is empty. Pick the file that holds your patients.
import-file-not-text = This is not a text file. In your spreadsheet choose “Save as” and then CSV. Then pick that file.
import-file-no-rows = This file has one row only. The first row names the columns, and the patients come below it.
import-file-too-many-rows = This file has more than 5,000 rows. Split it into smaller files and add them one after the other.
import-file-too-many-columns = This file has more than 40 columns. Take out those you do not need.
import-nothing-yet = Nothing has been added yet.
import-drop = Stop and remove the file
import-windows = This file does not say how its letters are written. We read it as Windows-1252. Check names with accents. If they look wrong, save the file as “CSV UTF-8” and pick it again.
import-columns = What each column is
import-column = In the file
import-example = For example
import-meaning = Is
import-field-skip = Not read
import-field-name = Whole name
import-field-first = First name
import-field-last = Last name
import-field-born = Birth date
import-field-email = Email
import-field-phone = Phone
import-field-lang = Language
import-field-aids = What helps in a visit
import-field-phrase = Check phrase
import-order = In a date like 3/9/1961
import-order-hint = Dates that begin with the year are read either way.
import-order-month = 3 is the month
import-order-day = 3 is the day
import-lang = Language of rows that say none
import-lang-hint = For pages, messages and visits.
import-again = Look again
import-columns-no-name = No column holds the name. Say which one is the whole name, or which are first and last name.
import-columns-no-birth-date = No column holds the birth date. Say which one it is.
import-columns-twice = Two columns have the same meaning. Choose “Not read” for one of them.
import-new = { $n ->
    [one] 1 new patient
   *[other] { $n } new patients
  }
import-sample = The first ones, as they will be:
import-row = Row { $n }
import-alike = { $n ->
    [one] 1 row looks like somebody
   *[other] { $n } rows look like somebody
  }
import-alike-hint = Born on the same day, with a similar name or the same email. They are left out unless you tick them.
import-like = Looks like: { $who }
import-pick = Add as a new patient
import-wrong = { $n ->
    [one] 1 row has a mistake
   *[other] { $n } rows have a mistake
  }
import-wrong-hint = These rows are left out. Afterwards you can save them as a file, fix them and add them.
import-not-shown = There are more. All of them come in the file of rows that are left out.
import-add = { $n ->
    [0] Add those you ticked
    [one] Add 1 new patient, and those you ticked
   *[other] Add { $n } new patients, and those you ticked
  }
import-add-new = { $n ->
    [one] Add 1 new patient
   *[other] Add { $n } new patients
  }
import-added = { $n ->
    [0] Nobody was added.
    [one] 1 patient was added.
   *[other] { $n } patients were added.
  }
import-left-out = { $n ->
    [one] 1 row was left out
   *[other] { $n } rows were left out
  }
import-left-out-hint = Save them as a file. The last column says why each was left out. Fix them, then add that file.
import-left-out-go = Save the rows that were left out
import-why = Why it was left out
import-why-alike = It looks like a patient who is already here. Look them up. If it is somebody else, add them by hand.
import-remove = Done?
import-remove-hint = This removes the file from here. The patients stay.
import-remove-go = Done, remove the file
import-cut-short = This was stopped in the middle. { $n } of { $of } rows are through. Nothing is added twice if you go on.
import-go-on = Go on
import-fault-lang = This language is not known here. Write English or Spanish, or leave it empty.
import-fault-row-long = This row has more cells than the first row. Perhaps a name holds a comma: put it in quotes.
import-fault-date-form = This is not a date we can read. Write it like 3/9/1961 or 1961-03-09.
import-fault-date-missing = The birth date is missing. Write it like 3/9/1961 or 1961-03-09.

# What left the practice
give-address = Their address
give-address-hint = If you know it. The accounting that a patient may ask for names it.
accounting-title = What left the practice
accounting-under = Every copy of a chart that was given out: to whom, for what, and why so much and no more.
accounting-none = Nothing was given out
accounting-none-hint = Copies are made from the chart. Each one comes here by itself.
accounting-older = Earlier
accounting-of-one = Born { $born }. What was given out of this chart.
accounting-six-years = The last six years. You may print this page for the patient. The audit trail noted that you opened it.
given-by = given by { $name }
given-parts = Name and birth date
given-contact = email and telephone
given-aids = what helps in a visit
given-words = Why: { $words }
given-counts = Belongs in the accounting
