;;; Runs a checker: its decisions are the exit statuses 1 and 2, and SBCL ends with 1 after an error: with 3 instead.
(setf sb-ext:*invoke-debugger-hook*
      (lambda (problem hook)
        (declare (ignore hook))
        (ignore-errors (format *error-output* "~A: ~A~%" (type-of problem) problem))
        (sb-ext:exit :code 3 :abort t)))
(setf sb-ext:*posix-argv* (list* "sbcl" "--script" (nthcdr 3 sb-ext:*posix-argv*)))
(load (third sb-ext:*posix-argv*))
