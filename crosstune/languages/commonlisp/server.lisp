;;; The candidate's process: loads the candidate, then calls its functions as it is asked; see docs/values.md. Nothing here
;;; needs protection from the candidate: all that it can change is what it answers.
(declaim (sb-ext:muffle-conditions sb-ext:compiler-note style-warning))
(defpackage :crosstune-server (:use :cl))
(in-package :crosstune-server)

(defconstant +deepest+ 200)
(defconstant +most-bytes+ (ash 16 20))
(define-condition unsendable (error) ())

;;; Reading

(defvar *question*)
(defvar *at*)

(defun next-byte () (prog1 (aref *question* *at*) (incf *at*)))

(defun unsigned (bytes)
  (loop with sum = 0 repeat bytes do (setf sum (+ (ash sum 8) (next-byte))) finally (return sum)))

(defun signed (bytes)
  (let ((value (unsigned bytes)))
    (if (logbitp (1- (* 8 bytes)) value) (- value (ash 1 (* 8 bytes))) value)))

;;; Lone surrogates have the three bytes of their codes.
(defun next-character ()
  (let* ((first (next-byte))
         (more (cond ((< first #x80) 0) ((< first #xe0) 1) ((< first #xf0) 2) (t 3)))
         (code (if (zerop more) first (logand first (ash #x3f (- more))))))
    (loop repeat more do (setf code (logior (ash code 6) (logand (next-byte) #x3f))))
    (code-char code)))

(defun text ()
  (let ((end (+ (unsigned 4) *at*)))
    (coerce (loop while (< *at* end) collect (next-character)) 'string)))

(defun items () (loop repeat (unsigned 4) collect (value)))

(defun entries ()
  (let ((table (make-hash-table :test 'equal)))
    (loop repeat (unsigned 4) do (let ((key (value))) (setf (gethash key table) (value))))
    table))

(defun value ()
  (ecase (code-char (next-byte))
    ((#\N #\F) nil)
    (#\T t)
    (#\i (signed 8))
    (#\I (signed (unsigned 4)))
    (#\d (sb-kernel:make-double-float (signed 4) (unsigned 4)))
    (#\c (code-char (unsigned 4)))
    (#\s (text))
    (#\b (coerce (loop repeat (unsigned 4) collect (next-byte)) '(vector (unsigned-byte 8))))
    ((#\l #\t #\S) (items))
    (#\m (entries))))

;;; Writing

(defvar *made*)

(defun put-byte (byte) (vector-push-extend byte *made*))
(defun put (value bytes) (loop for at from (1- bytes) downto 0 do (put-byte (ldb (byte 8 (* 8 at)) value))))
(defun tag (tag) (put-byte (char-code tag)))

(defun put-code (code)
  (let ((more (cond ((< code #x80) 0) ((< code #x800) 1) ((< code #x10000) 2) (t 3))))
    (put-byte (if (zerop more) code (logior (logand #xff (ash #xff00 (- (1+ more)))) (ash code (* -6 more)))))
    (loop for at from (1- more) downto 0 do (put-byte (logior #x80 (ldb (byte 6 (* 6 at)) code))))))

(defun put-text (text)
  (let ((start (fill-pointer *made*)))
    (put 0 4)
    (loop for each across text do (put-code (char-code each)))
    (let ((size (- (fill-pointer *made*) start 4)))
      (loop for at from 0 below 4 do (setf (aref *made* (+ start at)) (ldb (byte 8 (- 24 (* 8 at))) size))))))

(defun put-integer (value)
  (if (typep value '(signed-byte 64))
      (progn (tag #\i) (put value 8))
      (let ((bytes (1+ (floor (integer-length value) 8))))
        (tag #\I)
        (put bytes 4)
        (put value bytes))))

(defun put-double (value)
  (tag #\d)
  (put (sb-kernel:double-float-high-bits value) 4)
  (put (sb-kernel:double-float-low-bits value) 4))

;;; A single float is the number that it is printed as.
(defun double (value)
  (if (or (sb-ext:float-infinity-p value) (sb-ext:float-nan-p value))
      (sb-int:with-float-traps-masked (:invalid :overflow :inexact) (coerce value 'double-float))
      (let ((*read-default-float-format* 'single-float))
        (let ((shown (prin1-to-string value)) (*read-default-float-format* 'double-float))
          (coerce (read-from-string shown) 'double-float)))))

(defun put-items (items depth)
  (tag #\l)
  (put (length items) 4)
  (map nil (lambda (each) (put-value each (1+ depth))) items))

(defun put-table (table depth)
  (tag #\m)
  (put (hash-table-count table) 4)
  (maphash (lambda (key each) (put-value key (1+ depth)) (put-value each (1+ depth))) table))

(defun put-other (value)
  (tag #\o)
  (put-text (let ((type (type-of value))) (princ-to-string (if (consp type) (car type) type)))))

(defun put-value (value depth)
  (when (or (> depth +deepest+) (> (fill-pointer *made*) +most-bytes+)) (error 'unsendable))
  (typecase value
    (null (tag #\N))
    ((eql t) (tag #\T))
    (integer (put-integer value))
    (double-float (put-double value))
    (single-float (put-double (double value)))
    (ratio (tag #\K) (put-text "Fraction") (tag #\t) (put 2 4) (put-integer (numerator value)) (put-integer (denominator value)))
    (complex (tag #\K) (put-text "complex") (tag #\t) (put 2 4)
     (put-double (coerce (realpart value) 'double-float)) (put-double (coerce (imagpart value) 'double-float)))
    (character (tag #\c) (put (char-code value) 4))
    (string (tag #\s) (put-text value))
    (cons (if (ignore-errors (list-length value)) (put-items value depth) (put-other value)))
    (vector (put-items value depth))
    (hash-table (put-table value depth))
    (t (put-other value))))

(defmacro bytes (&body body)
  `(let ((*made* (make-array 64 :element-type '(unsigned-byte 8) :adjustable t :fill-pointer 0))) ,@body *made*))

(defun written (value)
  (let ((made nil))
    (handler-case (bytes (setf made *made*) (put-value value 1))
      (unsendable () (if (> (fill-pointer made) +most-bytes+) made (bytes (put-other value)))))))

(defun add (bytes) (loop for each across bytes do (put-byte each)))

;;; Calls

(defun function-of (name)
  (let ((found (loop for package in (list *package* (find-package :cl-user))
                     for symbol = (find-symbol (string-upcase name) package)
                     when (and symbol (fboundp symbol)) return symbol)))
    (if found (fdefinition found) (error 'undefined-function :name name))))

;;; The nearest condition that the language defines.
(defun kind (problem)
  (let ((classes (sb-mop:class-precedence-list (class-of problem))))
    (loop for class in classes
          for name = (class-name class)
          when (and (eq (symbol-package name) (find-package :cl)) (not (eq name 'simple-condition)))
            return (string-downcase name))))

(defun shown (problem) (or (ignore-errors (princ-to-string problem)) ""))

(defun outcome (name arguments)
  (handler-case
      (handler-bind ((warning #'muffle-warning))
        (let ((result (apply (function-of name) arguments)))
          (bytes (tag #\R) (add (written result)))))
    (sb-kernel::heap-exhausted-error (problem)
      (format *error-output* "Heap exhausted: ~A~%" (shown problem))
      (finish-output *error-output*)
      (sb-ext:exit :code 1 :abort t))
    (serious-condition (problem)
      (bytes (tag #\E) (put-text (kind problem)) (put-text (shown problem)) (put-text "")))))

(defun answer (question)
  (let ((*question* question) (*at* 1))
    (let* ((name (text))
           (arguments (progn (next-byte) (items)))
           (before (mapcar #'written arguments))
           (outcome (outcome name arguments))
           (after (mapcar #'written arguments))
           (changed (loop for at from 0 for old in before for new in after unless (equalp old new) collect (cons at new))))
      (bytes
        (add outcome)
        (put (length changed) 4)
        (loop for (at . new) in changed do (put at 4) (add new))
        (put 0 4)
        (put 0 4)))))

;;; The candidate's process

(defun next-part (in)
  (let ((bytes (make-array (loop with size = 0
                                 for byte = (read-byte in)
                                 until (= byte 10)
                                 do (setf size (+ (* 10 size) (- byte 48)))
                                 finally (return size))
                           :element-type '(unsigned-byte 8))))
    (read-sequence bytes in)
    (sb-ext:octets-to-string bytes :external-format :utf-8)))

(defun readable-p (text)
  (let ((*read-suppress* t))
    (with-input-from-string (in text) (loop until (eq in (read in nil in))))))

(defun fail (status problem)
  (format *error-output* "~&~A: ~A~%" (type-of problem) (shown problem))
  (finish-output *error-output*)
  (with-open-stream (out (sb-sys:make-fd-stream 4 :output t :buffering :full))
    (format out "failed ~A" status)
    (finish-output out))
  (sb-ext:exit :code 1 :abort t))

(defun load-candidate (text)
  (handler-case (readable-p text)
    (error (problem) (fail "compile_error" problem)))
  (handler-case
      (handler-bind ((warning #'muffle-warning))
        (with-input-from-string (in text)
          (loop for form = (read in nil in) until (eq form in) do (eval form))))
    (reader-error (problem) (fail "compile_error" problem))
    (serious-condition (problem) (fail "runtime_error" problem))))

(defun send (out frame)
  (let ((head (bytes (put (length frame) 4))))
    (write-sequence head out)
    (when (<= (length frame) +most-bytes+) (write-sequence frame out))
    (finish-output out)
    (when (> (length frame) +most-bytes+) (sb-ext:exit :code 1 :abort t)))) ; the judge reads no more of it

(defun talk (in out)
  (send out (bytes (tag #\H) (put 1 1)))
  (loop with head = (make-array 4 :element-type '(unsigned-byte 8))
        while (= (read-sequence head in) 4)
        do (let ((question (make-array (let ((*question* head) (*at* 0)) (unsigned 4)) :element-type '(unsigned-byte 8))))
             (read-sequence question in)
             (let ((answer (answer question)))
               (finish-output *standard-output*)
               (send out answer)))))

(defun serve ()
  (let ((candidate (with-open-stream (in (sb-sys:make-fd-stream 3 :input t :element-type '(unsigned-byte 8) :buffering :full))
                     (next-part in))))
    (setf *package* (find-package :cl-user))
    (load-candidate candidate)
    (talk (sb-sys:make-fd-stream 5 :input t :element-type '(unsigned-byte 8) :buffering :full)
          (sb-sys:make-fd-stream 6 :output t :element-type '(unsigned-byte 8) :buffering :full))
    (finish-output *standard-output*)
    (sb-ext:exit :code 0 :abort t)))

;;; A stack that is exhausted is an error of the program, which `--script` would make one of the process.
(setf (sb-alien:extern-alien "lose_on_corruption_p" sb-alien:int) 0)

(let ((warm (equal (car (last sb-ext:*posix-argv*)) "warm")))
  (setf sb-ext:*posix-argv* (list "sbcl"))
  (when warm
    (sb-impl::finalizer-thread-stop)
    (sb-ext:gc :full t)
    (sb-alien:alien-funcall (sb-alien:extern-alien "fork" (function sb-alien:int)))))
(serve)
