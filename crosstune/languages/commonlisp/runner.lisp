;;; Runs a candidate and its tests inside the sandbox; see __init__.py and `_shared/scripts/interpreter.py`.
(declaim (sb-ext:muffle-conditions sb-ext:compiler-note style-warning))
(defpackage :judge (:use :cl))
(in-package :judge)

(defun warm-p () (equal (car (last sb-ext:*posix-argv*)) "warm"))

;;; What decides in tests: all that the language defines, and what its assertions call.
(defun deciding ()
  (let ((found (list 'sb-kernel:assert-error 'sb-kernel:check-type-error 'sb-kernel:ecase-failure 'sb-kernel:etypecase-failure)))
    (do-external-symbols (name :cl found)
      (when (fboundp name) (push name found)))))

(defun definition (name)
  (or (macro-function name)
      (let ((found (sb-int:find-fdefn name))) (and found (sb-kernel:fdefn-fun found)))))

(defun definitions (names)
  (mapcar (lambda (name)
            (list name (definition name) (compiler-macro-function name) (and (macro-function name) t)))
          names))

(defun changed (saved)
  (remove-if (lambda (each)
               (destructuring-bind (name function compiler-macro macro) each
                 (declare (ignore macro))
                 (and (eq function (definition name)) (eq compiler-macro (compiler-macro-function name)))))
             saved))

(defun restore (saved)
  (sb-ext:without-package-locks
    (loop for (name function compiler-macro macro) in (changed saved)
          do (setf (compiler-macro-function name) compiler-macro)
             (cond ((special-operator-p name))
                   (macro (setf (macro-function name) function))
                   (t (setf (sb-kernel:fdefn-fun (sb-kernel:find-or-create-fdefn name)) function))))))

;;; Names of the language are the language's in the tests, whatever the candidate shadows.
(defun unshadow (names)
  (dolist (name (package-shadowing-symbols :cl-user))
    (let ((original (find-symbol (symbol-name name) :cl)))
      (when (and original (not (eq original name)) (member original names))
        (shadowing-import original :cl-user)))))

;;; Reads bytes that are kept nowhere but in the vector that it returns.
(defun take (count)
  (let ((bytes (make-array count :element-type '(unsigned-byte 8))))
    (sb-sys:with-pinned-objects (bytes)
      (loop with at = 0
            while (< at count)
            do (let ((size (sb-unix:unix-read 3 (sb-sys:sap+ (sb-sys:vector-sap bytes) at) (- count at))))
                 (when (or (null size) (zerop size)) (sb-ext:exit :code 3 :abort t))
                 (incf at size))))
    bytes))

(defun next-bytes ()
  (loop with size = 0
        for byte = (aref (take 1) 0)
        until (= byte 10)
        do (setf size (+ (* 10 size) (- byte 48)))
        finally (return (take size))))

(defun next-text () (sb-ext:octets-to-string (next-bytes) :external-format :utf-8))

;;; The nonce as a number, combined with a mask.
(defun next-masked (mask)
  (let* ((bytes (next-bytes))
         (value (reduce (lambda (sum byte) (+ (* 16 sum) (digit-char-p (code-char byte) 16))) bytes :initial-value 0)))
    (prog1 (logxor value mask) (fill bytes 0))))

(defun random-number ()
  (with-open-file (in "/dev/urandom" :element-type '(unsigned-byte 64))
    (+ (ash (read-byte in) 64) (read-byte in))))

(defun report (text)
  (let ((bytes (sb-ext:string-to-octets text)))
    (sb-sys:with-pinned-objects (bytes)
      (sb-unix:unix-write 4 bytes 0 (length bytes)))))

;;; Whether a text can be read to its end; what is read is not even interned.
(defun readable-p (text)
  (let ((*read-suppress* t))
    (handler-case
        (with-input-from-string (in text)
          (loop until (eq in (read in nil in))) t)
      (error (problem) (show problem) nil))))

(defun show (problem)
  (ignore-errors (format *error-output* "~&~A: ~A~%" (type-of problem) problem)))

(defun status (problem)
  (let ((text (or (ignore-errors (princ-to-string problem)) "")))
    (cond ((some (lambda (each) (search each text)) '("No space left" "File too large" "quota exceeded")) "disk_limit")
          ((some (lambda (each) (search each text)) '("temporarily unavailable" "Could not create new OS thread"))
           "process_limit")
          ((typep problem 'sb-kernel::heap-exhausted-error) "memory_limit")
          ((typep problem 'sb-int:simple-control-error) "runtime_error")
          ((eq (type-of problem) 'simple-error) "wrong_answer")
          (t "runtime_error"))))

;;; A form of tests that ends them, such as (exit :code 1).
(defun end-p (form)
  (and (consp form) (symbolp (car form))
       (member (symbol-name (car form)) '("EXIT" "QUIT") :test #'string=)
       (not (and (fboundp (car form)) (not (member (car form) '(sb-ext:exit sb-ext:quit)))))))

(defun ended-well-p (form)
  (let ((code (getf (if (evenp (length (cdr form))) (cdr form) (list :code (second form))) :code 0)))
    (eql 0 (eval code))))

(defun run-forms (text tests)
  (with-input-from-string (in text)
    (loop for form = (read in nil in)
          until (eq form in)
          do (cond ((not (and tests (end-p form))) (eval form))
                   ((ended-well-p form) (return t))
                   (t (return nil)))
          finally (return t))))

;;; Tests that fail may have a later form that cannot be read: then they fail with any candidate. What follows a form that
;;; ends them is never read.
(defun show-unreadable (text)
  (unless (search "macro-character" text :test #'char-equal)
    (let ((*read-suppress* t))
      (handler-case
          (with-input-from-string (in text)
            (loop until (or (ends-at-p (file-position in) text) (eq in (read in nil in)))))
        (error (problem) (show problem))))))

(defun ends-at-p (place text)
  (let ((begin (position-if-not (lambda (each) (member each '(#\Space #\Tab #\Newline #\Return))) text :start place)))
    (and begin
         (some (lambda (each) (eql (mismatch each text :start2 begin :test #'char-equal) (length each)))
               '("(exit" "(quit" "(sb-ext:exit" "(sb-ext:quit" "(uiop:quit")))))

;;; The status of what fails; nil if it runs to its end.
(defun attempt (text tests)
  (handler-bind ((warning #'muffle-warning))
    (handler-case (if (run-forms text tests) nil "wrong_answer")
      (reader-error (problem) (show problem) (if tests "runtime_error" "compile_error"))
      (serious-condition (problem)
        (when tests (show-unreadable text))
        (show problem)
        (let ((status (status problem)))
          (if (and (not tests) (string= status "wrong_answer")) "runtime_error" status))))))

;;; Regression tests of sb-rt only print which of them fail.
(defun pending-p ()
  (let ((name (and (find-package "SB-RT") (find-symbol "PENDING-TESTS" "SB-RT"))))
    (and name (funcall name))))

(defun no-debugger (problem)
  (show problem)
  (finish-output)
  (report "failed runtime_error")
  (sb-ext:exit :code 1 :abort t))

(defun run (candidate tests)
  (let ((*package* (find-package :cl-user))
        (saved (definitions (deciding))))
    (or (and (not (readable-p candidate)) "compile_error")
        (attempt candidate nil)
        (let ((*readtable* (copy-readtable nil)) (*macroexpand-hook* #'funcall) (*break-on-signals* nil)
              (*read-suppress* nil))
          (restore saved)
          (unshadow (mapcar #'first saved))
          (setf sb-ext:*invoke-debugger-hook* nil *debugger-hook* nil)
          (or (attempt tests t)
              (and (or (changed saved) *break-on-signals* (pending-p)) "wrong_answer"))))))

(defun judge ()
  (let* ((mask (random-number))
         (masked (next-masked mask))
         (candidate (next-text))
         (tests (next-text))
         (leave #'sb-ext:exit)
         (tell #'report)
         (failure nil))
    (sb-unix:unix-close 3)
    ;; No candidate can name anything of this.
    (let ((package (find-package :judge)))
      (do-symbols (name package) (when (eq (symbol-package name) package) (unintern name package)))
      (setf *package* (find-package :cl-user))
      (delete-package package))
    (setf failure (run candidate tests))
    (ignore-errors (finish-output *standard-output*))
    (ignore-errors (finish-output *error-output*))
    (funcall tell (if failure
                      (format nil "failed ~A" failure)
                      (format nil "passed ~(~32,'0x~)" (logxor masked mask))))
    (funcall leave :code (if failure 1 0) :abort t)))

(sb-ext:without-package-locks
  (sb-int:encapsulate 'invoke-debugger 'judge (lambda (original problem) (declare (ignore original)) (no-debugger problem))))

;;; A stack that is exhausted is an error of the program, which `--script` would make one of the process.
(setf (sb-alien:extern-alien "lose_on_corruption_p" sb-alien:int) 0)

(let ((warm (warm-p)))
  (setf sb-ext:*posix-argv* (list "sbcl"))
  (when warm
    (sb-impl::finalizer-thread-stop)
    (sb-ext:gc :full t)
    (sb-alien:alien-funcall (sb-alien:extern-alien "fork" (function sb-alien:int)))))
(judge)
